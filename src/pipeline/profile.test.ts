import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownArtifact } from '../backends/own/own-artifact.ts';
import { createSupervisor } from '../base/processes/supervisor.ts';
import { startEmulator } from '../emulator/emulator.ts';
import type { Engine, HandlerArtifact, Target } from '../model/ports.ts';
import { cpuProfileSchema, type ProfileResult, profileResultSchema } from '../model/profile.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import type { Warning } from '../model/warning.ts';
import { runFolder } from '../store/run-store.ts';
import { createLocalTarget } from '../targets/local/local-target.ts';
import { profileRun } from './profile.ts';
import { writeBurningHandler } from './testing/burning-packages.ts';

const supervisor = createSupervisor();
let cwd: string;
let target: Target;
let artifact: HandlerArtifact;
let result: ProfileResult;
let warnings: Warning[];
const asked: string[] = [];

/** Asks ten times, one after the other. */
const engine = {
  name: 'test',
  version: '1',
  run: async ({ plan }: Parameters<Engine['run']>[0]) => {
    for (let i = 1; i <= 10; i += 1) {
      const trace = `1-5f84c7a1-${String(i).padStart(24, '0')}`;
      asked.push(trace);
      const headers = { 'x-amzn-trace-id': `Root=${trace};Sampled=1` };
      const answer = await fetch(plan.url, { method: 'POST', body: '{}', headers });
      expect(answer.status).toBe(200);
    }
    return { facts: {}, warnings: [] };
  },
} as unknown as Engine;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-profile-'));
  const packages = [
    { package: 'burns-100ms', ms: 100, type: 'commonjs' },
    { package: '@burners/forty', ms: 40, type: 'module' },
  ] as const;
  const { handler: file } = writeBurningHandler(cwd, packages, 20);
  target = createLocalTarget(await startEmulator({ supervisor }));
  const endpoint = anEndpoint({ backend: 'own', server: 'mine', memoryMb: 1024 });
  const folder = join(cwd, 'bundle');
  mkdirSync(folder);
  artifact = await ownArtifact({ file, exportName: 'handler' }, endpoint, folder, '--handler');
  const cell = {
    id: 'a-cell',
    endpoint,
    profile: { kind: 'closed', vus: 1, thinkTimeS: 0, warmUpS: 0, rampS: 0, holdS: 1 },
  } as const;
  const backend = { environment: () => ({}), cpuUs: () => 0, stop: async () => {} };
  const live = {
    ...{ cell, artifact, backend, operations: [] },
    endpoint: await target.provision(cell, artifact, backend),
  };
  const run = runFolder(cwd, 'run');
  warnings = await profileRun({
    cells: [live],
    folder: run,
    seed: 1,
    tools: { supervisor, target, engine } as never,
    settings: { headers: {}, requestTimeoutS: 10, maxVus: 5 } as never,
    sink: () => {},
    signal: new AbortController().signal,
  });
  result = profileResultSchema.parse(JSON.parse(readFileSync(run.profilesPath, 'utf8')));
}, 60_000);
afterAll(async () => {
  await target.close();
  await supervisor.close();
  rmSync(cwd, { recursive: true, force: true });
});

test('packages are named by what they burn at load, most first, own code among them', () => {
  expect(warnings).toEqual([]);
  const [init] = result.inits;
  expect(init?.by).toBe('package');
  const burnt = init?.families.slice(0, 3) ?? [];
  expect(burnt.map(({ name }) => name)).toEqual(['burns-100ms', 'burners', 'own code']);
  expect(burnt[1]?.packages.map(({ name }) => name)).toEqual(['@burners/forty']);
  // They burn by the clock, so that a busy host changes nothing but where a sample falls.
  for (const [i, ms] of [100, 40, 20].entries()) {
    expect(Math.abs((burnt[i]?.self.medianMs ?? 0) - ms)).toBeLessThan(15);
  }
  expect(init?.finding).toMatch(/^burns-100ms \d/);
});

test('the parts are the whole init', () => {
  const [init] = result.inits;
  const parts = Object.values(init?.parts ?? {});
  const told = [...(init?.families ?? []).map(({ self }) => self), ...parts];
  const least = told.reduce((sum, { minMs }) => sum + minMs, 0);
  const most = told.reduce((sum, { maxMs }) => sum + maxMs, 0);
  expect(least).toBeLessThanOrEqual(init?.profiled.maxMs ?? 0);
  expect(most).toBeGreaterThanOrEqual(init?.profiled.minMs ?? 0);
});

test('the slowest invocations are kept with their traces, and one in the middle', () => {
  const [{ of, profiles } = { of: 0, profiles: [] }] = result.invocations;
  expect(of).toBe(10);
  expect(profiles.map(({ kind }) => kind)).toEqual([...Array(5).fill('slow'), 'median']);
  for (const { traceId } of profiles) expect(asked).toContain(traceId);
  const durations = profiles.slice(0, 5).map(({ durationMs }) => durationMs);
  expect(durations).toEqual(durations.toSorted((a, b) => b - a));
  expect(profiles.some(({ packages }) => packages[0]?.name === 'own code')).toBe(true);
});

test('profiles open as V8 writes them, name sources, and no path of this machine', () => {
  const files = readdirSync(join(cwd, 'run/profiles/a-cell'));
  expect(files.filter((name) => /^init-\d\.cpuprofile$/.test(name))).toHaveLength(7);
  for (const name of files) {
    const text = readFileSync(join(cwd, 'run/profiles/a-cell', name), 'utf8');
    const profile = cpuProfileSchema.parse(JSON.parse(text));
    const ids = new Set(profile.nodes.map(({ id }) => id));
    expect(profile.samples.every((id) => ids.has(id))).toBe(true);
    expect(profile.samples).toHaveLength(profile.timeDeltas.length);
    expect(text).not.toMatch(/file:|"\/|bench-functions|bench-profile/);
    if (name.startsWith('init')) expect(text).toContain('node_modules/burns-100ms/index.js');
  }
});

test('what is deployed holds nothing of it', () => {
  expect(readdirSync(artifact.folder)).toEqual([artifact.file]);
  const code = readFileSync(join(artifact.folder, artifact.file), 'utf8');
  expect(code).not.toMatch(/sourceMappingURL|__benchMark/);
});
