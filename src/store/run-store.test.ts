import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeJson } from '../base/files.ts';
import { newRunId } from '../base/run-id.ts';
import type { Run } from '../model/run.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { prepareResults } from './prepare-results.ts';
import { findRun, runFolder, runIds } from './run-store.ts';

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'bench-store-'));
});
afterEach(() => rmSync(results, { recursive: true, force: true }));

function run(runId: string): Run {
  const endpoint = anEndpoint();
  const profile = { kind: 'users', users: 1, overS: 1 } as const;
  return {
    version: 1,
    runId,
    createdAt: '2026-11-20T19:15:00Z',
    status: 'finished',
    plan: {
      target: 'local',
      cells: [{ id: 'c', endpoint, profile }],
      rounds: 1,
      seed: 1,
      operations: [],
      variants: [],
      slo: null,
      traceShare: 1,
      architecture: null,
      region: 'us-east-1',
      initProbes: 0,
      gate: null,
    },
    fingerprint: {
      os: 'linux',
      arch: 'x64',
      cpuModel: 'm',
      cores: 2,
      memoryMb: 1,
      cpuMode: 'quota',
      node: 'v24',
      k6: '2.2.0',
      k6Origin: 'PATH',
      tool: '0.1.0',
    },
    telemetry: [],
    bundles: [],
    hostInitsPerS: null,
    gate: null,
    warnings: [],
  };
}

function make(runId: string): void {
  runFolder(results, runId).writeRun(run(runId));
}

test('run ids sort by time', () => {
  const first = newRunId(new Date('2026-11-20T19:15:00Z'));
  expect(first).toMatch(/^20261120-191500-[0-9a-z]{4}$/);
  expect(first < newRunId(new Date('2026-11-20T19:15:01Z'))).toBe(true);
});

test('the latest run, a run by the start of its id, and one by its path', () => {
  make('20261120-191500-aaaa');
  make('20261121-080000-bbbb');
  expect(findRun(results, undefined).runId).toBe('20261121-080000-bbbb');
  expect(findRun(results, 'latest').runId).toBe('20261121-080000-bbbb');
  expect(findRun(results, '20261120').runId).toBe('20261120-191500-aaaa');
  expect(findRun('/nowhere', join(results, '20261120-191500-aaaa')).readRun().plan.seed).toBe(1);
  expect(() => findRun(results, '2026')).toThrow(/means 2 runs/);
  expect(() => findRun(results, 'x')).toThrow(/"x" is not a run/);
  expect(() => findRun('/nowhere', undefined)).toThrow(/no runs in/);
});

test('a damaged record is named with its field', () => {
  make('20261120-191500-aaaa');
  const folder = runFolder(results, '20261120-191500-aaaa');
  writeJson(join(folder.path, 'run.json'), { ...run('x'), plan: { target: 'local' } });
  expect(() => folder.readRun()).toThrow(/run\.json is damaged or of another version: plan\./);
  writeFileSync(join(folder.path, 'run.json'), '{"version":');
  expect(() => folder.readRun()).toThrow(/run\.json cannot be read/);
  expect(runIds(results)).toEqual(['20261120-191500-aaaa']);
});

test('trials are found in order, with and without a record', () => {
  make('20261120-191500-aaaa');
  const folder = runFolder(results, '20261120-191500-aaaa');
  for (const trial of [10, 2, 1]) folder.trialFolder('c', trial);
  expect(folder.trials().map((trial) => trial.trial)).toEqual([1, 2, 10]);
  expect(folder.trials()[0]?.read()).toBeNull();
});

test('a trial that is set aside is none of the run, and nothing set aside is lost', () => {
  make('20261120-191500-aaaa');
  const folder = runFolder(results, '20261120-191500-aaaa');
  const aside = ['first', 'second'].map((text) => {
    const trial = folder.trialFolder('c', 1);
    writeFileSync(join(trial.rawPath, 'k6.csv'), text);
    const to = folder.setAside(trial, 1);
    return [to, readFileSync(join(folder.path, to, 'raw/k6.csv'), 'utf8')];
  });
  expect(aside).toEqual([
    ['set-aside/1/c/1', 'first'],
    ['set-aside/1/c/1-2', 'second'],
  ]);
  expect(folder.trials()).toEqual([]);
});

test('a results path that is a file is refused', () => {
  const file = join(results, 'file');
  writeFileSync(file, '');
  expect(() => prepareResults(file)).toThrow(/a file stands where a folder is needed/);
  expect(() => prepareResults(join(file, 'below'))).toThrow(/a file stands/);
});
