import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InterruptedError } from '../base/errors.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { runFolder } from '../store/run-store.ts';
import { executeRun } from './execute-run.ts';

let results: string;
beforeAll(() => {
  results = mkdtempSync(join(tmpdir(), 'bench-execute-'));
});
afterAll(() => rmSync(results, { recursive: true, force: true }));

type Job = Parameters<typeof executeRun>[0];

/** A run of two cells over two backends, whose starts are `starts`. */
function jobOf(runId: string, starts: (() => Promise<unknown>)[], signal: AbortSignal) {
  const backends = starts.map((start, index) => ({
    name: `b${index}`,
    instanceKey: () => 'one',
    start,
    bundle: async () => ({ facts: {} }),
    feeds: async () => [],
  }));
  const cells = backends.map(({ name }) => ({
    id: name,
    endpoint: anEndpoint({ backend: name }),
    profile: { kind: 'users', users: 1, overS: 1 } as const,
  }));
  const endpoint = { headers: {} };
  const job = {
    plan: { target: 'local', cells, rounds: 1, seed: 1, operations: [], variants: [] },
    folder: runFolder(results, runId),
    createdAt: new Date(),
    tools: {
      supervisor: { ownFolder: () => mkdtempSync(join(results, 'work-')) },
      target: {
        provision: async () => endpoint,
        measureInits: async () => [],
        endTrial: async () => null,
      },
      backends: new Map(backends.map((backend) => [backend.name, backend])),
      fingerprint: FINGERPRINT,
    },
    settings: { headers: {} },
    warnings: [],
    sink: () => {},
    signal,
  };
  return job as unknown as Job;
}

const FINGERPRINT = {
  os: '',
  arch: '',
  cpuModel: '',
  cores: 1,
  memoryMb: 1,
  cpuMode: 'none',
  node: '',
  k6: '',
  k6Origin: '',
  tool: '',
};

test('interrupted while backends start: no other is started, and what is up is stopped', async () => {
  const interruption = new AbortController();
  const events: string[] = [];
  const first = async () => {
    events.push('first up');
    interruption.abort(new InterruptedError('SIGINT'));
    return { stop: async () => void events.push('first stopped') };
  };
  const second = async () => void events.push('second up');
  const job = jobOf('interrupted', [first, second], interruption.signal);
  const { run, failure } = await executeRun(job);
  expect(failure).toBeInstanceOf(InterruptedError);
  expect(run.status).toBe('interrupted');
  expect(events).toEqual(['first up', 'first stopped']);
});

test('after a defect of ours the run does not seem to go on', async () => {
  const broken = async () => {
    throw new TypeError('a defect');
  };
  const job = jobOf('broken', [broken], new AbortController().signal);
  await expect(executeRun(job)).rejects.toThrow(TypeError);
  expect(runFolder(results, 'broken').readRun().status).toBe('failed');
});
