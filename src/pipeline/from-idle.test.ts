import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheFolder } from '../base/cache.ts';
import { ToolError } from '../base/errors.ts';
import { createSupervisor } from '../base/processes/supervisor.ts';
import { cloudwatchCollector } from '../collectors/cloudwatch/index.ts';
import { logsCollector } from '../collectors/logs/index.ts';
import { xrayCollector } from '../collectors/xray/index.ts';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { findK6 } from '../engines/k6/find-k6.ts';
import { createK6Engine } from '../engines/k6/k6-engine.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Engine, Target } from '../model/ports.ts';
import type { LoadProfile } from '../model/scenario.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { runFolder } from '../store/run-store.ts';
import { Database } from '../store/tables/database.ts';
import { createLocalTarget, LOCAL_FRONTS } from '../targets/local/local-target.ts';
import { runTrial } from './trial.ts';

const HANDLER = `
exports.handler = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ data: { kept: process.env.KEPT } }),
});
`;

const supervisor = createSupervisor();
let results: string;
let engine: Engine;
let target: Target;
let emulator: Emulator;

beforeAll(async () => {
  results = mkdtempSync(join(tmpdir(), 'bench-renewals-'));
  const signal = AbortSignal.timeout(600_000);
  const { env } = process;
  engine = createK6Engine(
    await findK6({ supervisor, signal, env, cacheFolder: cacheFolder(env), progress: () => {} }),
  );
  emulator = await startEmulator({ supervisor });
  target = createLocalTarget(emulator);
}, 600_000);
afterAll(async () => {
  await target.close();
  await supervisor.close();
  rmSync(results, { recursive: true, force: true });
});

/** A trial of a function that answers with its own variable; `own` overrides the target's parts. */
async function trialOf(
  id: string,
  profile: LoadProfile,
  endpoint: Partial<Endpoint>,
  own: Partial<Target> = {},
  traceShare = 1,
) {
  const folder = join(supervisor.ownFolder('bench-code'), 'code');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.cjs'), HANDLER);
  const cell = { id, endpoint: anEndpoint(endpoint), profile };
  const backend = { environment: () => ({ KEPT: 'yes' }), cpuUs: () => 0, stop: async () => {} };
  const artifact = { folder, file: 'index.cjs', exportName: 'handler', facts: {} };
  const provisioned = await target.provision(cell, artifact as never, backend);
  const row = { variables: {}, digest: null };
  const trialFolder = runFolder(results, 'run').trialFolder(id, 1);
  const trial = await runTrial({
    live: {
      cell,
      endpoint: provisioned,
      operations: [{ name: 'A', query: '{ kept }', weight: 1, rows: [row] }],
      backend,
    },
    folder: trialFolder,
    seed: 1,
    traceShare,
    inits: [],
    hostInitsPerS: null,
    tools: {
      supervisor,
      target: { ...target, ...own },
      engine,
      backends: new Map(),
      collectors: [xrayCollector, logsCollector, cloudwatchCollector],
      fingerprint: {} as never,
    },
    settings: {
      // What a trial leaves is searched for keys below.
      keepRaw: true,
      requestTimeoutS: 10,
      maxVus: 50,
      headers: {},
      backendOptions: { postgresUrl: null, postgresConnections: null },
      cacheFolder: results,
      baseCode: null,
      guard: null,
      collectDeadlineMs: 10_000,
    },
    sink: () => {},
    signal: new AbortController().signal,
  });
  const database = await Database.open({ tempFolder: join(results, 'duckdb') });
  try {
    const rows = await database.rows<{ phase: string; cold: boolean; n: number }>(
      `select phase, cold, count(*)::integer as n from '${trialFolder.path}/breakdown.parquet'
       group by all order by all`,
    );
    return { trial, rows };
  } finally {
    database.close();
  }
}

const COLD = { kind: 'cold', coldStarts: 3, warmRequests: 5 } as const;

describe('a trial of forced cold starts', { timeout: 60_000 }, () => {
  test.each(LOCAL_FRONTS)('behind %s: the first of each is cold, no other', async (front) => {
    const { trial, rows } = await trialOf(`cold-${front}`, COLD, { front });
    expect(rows).toEqual([
      { phase: 'hold', cold: true, n: 3 },
      { phase: 'warm', cold: false, n: 15 },
    ]);
    expect(trial.engine).toMatchObject({ iterations: 3, scheduledIterations: 3 });
    expect(trial.host).toMatchObject({ environmentsStarted: 3, environmentsPeak: 1 });
    expect(trial.merge).toMatchObject({ requests: 18, withBoth: 18, lostSamples: 0 });
  });

  test('finds environments that are provisioned, and ready again', async () => {
    const endpoint = { front: 'function-url', provisionedConcurrency: 2 } as const;
    const { trial, rows } = await trialOf('cold-provisioned', COLD, endpoint);
    expect(rows.map(({ cold, n }) => [cold, n])).toEqual([
      [false, 3],
      [false, 15],
    ]);
    expect(trial.host?.provisionedReady).toBe(2);
  });

  test('ends with what went wrong', async () => {
    const error = new ToolError('the function could not be renewed: "too many" changes');
    const renewEnvironments = () => Promise.reject(error);
    const trial = trialOf('cold-fails', COLD, {}, { renewEnvironments });
    await expect(trial).rejects.toBe(error);
    expect(runFolder(results, 'run').trialFolder('cold-fails', 1).read()).toMatchObject({
      status: 'failed',
      warnings: [{ code: 'trial-failed', message: error.message }],
    });
  });
});

test.each(LOCAL_FRONTS)('a burst behind %s', { timeout: 30_000 }, async (front) => {
  const profile = { kind: 'burst', ratePerS: 20, rateFromHost: false, holdS: 1 } as const;
  const { trial, rows } = await trialOf(`burst-${front}`, profile, { front });
  expect(trial.engine).toMatchObject({ iterations: 20, droppedIterations: 0 });
  expect(rows.find(({ cold }) => cold)?.n).toBe(trial.host?.environmentsStarted);
  expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(20);
});

test('of a share that is traced, traces are had of those alone and REPORT lines of all', {
  timeout: 30_000,
}, async () => {
  const profile = { kind: 'burst', ratePerS: 30, rateFromHost: false, holdS: 1 } as const;
  const { trial } = await trialOf('sampled', profile, { front: 'rest-api' }, {}, 0.3);
  const found = (name: string) => trial.collections.find(({ collector }) => collector === name);
  const { expected = 0 } = found('xray') ?? {};
  expect(expected).toBeGreaterThan(0);
  expect(expected).toBeLessThan(25);
  expect(found('xray')).toMatchObject({ found: expected, ended: 'complete' });
  expect(found('logs')).toMatchObject({ expected: 30 });
  expect(trial.merge).toMatchObject({
    requests: 30,
    sampled: expected,
    withTrace: expected,
    withReport: 30,
  });
});

test('the keys that requests were signed with are in nothing that trials leave', () => {
  const { accessKeyId, secretAccessKey } = emulator.credentials;
  const left = readdirSync(results, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  // The load plans, samples and logs of k6, the telemetry and the tables of signed trials are there.
  for (const name of ['load-plan.json', 'k6.csv', 'k6.log', 'requests.parquet', 'trial.json']) {
    expect(left.filter((path) => path.includes('-invoke') && path.endsWith(name))).toHaveLength(2);
  }
  for (const path of left) {
    const bytes = readFileSync(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    expect(text.includes(secretAccessKey), path).toBe(false);
    expect(text.includes(accessKeyId), path).toBe(false);
    expect(text.includes('AWS4-HMAC'), path).toBe(false);
  }
});
