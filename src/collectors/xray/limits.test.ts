import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Collector, ProvisionedEndpoint } from '../../model/ports.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { aProvisionedEndpoint } from '../../model/testing/a-provisioned-endpoint.ts';
import { Database, literal } from '../../store/tables/database.ts';
import {
  startXRayServer,
  type XRayServer,
  type XRayServerOptions,
} from '../testing/xray-server.ts';
import { createXRayCollector } from './index.ts';

/** X-Ray's limits and faults, from a server that has them. */

type Job = Parameters<Collector['collect']>[0];

let rawFolder: string;
let server: XRayServer | null = null;
beforeEach(async () => {
  rawFolder = await mkdtemp(join(tmpdir(), 'bench-xray-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  await rm(rawFolder, { recursive: true });
});

const idsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => `1-6745f1a0-${i.toString(16).padStart(24, '0')}`);

async function jobAt(
  options: XRayServerOptions,
  count: number,
  endpoint: Partial<ProvisionedEndpoint> = {},
): Promise<Job> {
  server = await startXRayServer(options);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  return {
    endpoint: aProvisionedEndpoint({
      aws: { region: 'us-east-1', endpoint: server.origin, credentials },
      ...endpoint,
    }),
    window: { startedUs: 1.7e15, endedUs: 1.7e15 + 60e6 },
    traceIds: idsOf(count),
    expectedReports: count,
    rawFolder,
    deadlineMs: 20_000,
    signal: new AbortController().signal,
  };
}

async function written(): Promise<{ Id: string; Segments: { Document: string }[] }[]> {
  const text = gunzipSync(await readFile(join(rawFolder, RAW_FILES.traces))).toString();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

async function rowsOf(file: string, more: string): Promise<Record<string, unknown>> {
  const database = await Database.open({ tempFolder: join(rawFolder, 'temp') });
  try {
    const path = literal(join(rawFolder, file));
    return await database.row(
      `select count(*) as rows, count(distinct trace_id) as traces, ${more} from read_parquet(${path})`,
    );
  } finally {
    database.close();
  }
}

const sorted = (traces: { Id: string }[]) => traces.map(({ Id }) => Id).sort();
const AS_ON_AWS = { parallelism: 32, pollMs: 50, stableReads: 2, startPerS: 50 };

test('throttled, half-empty and late: nothing lost, nothing twice', async () => {
  const job = await jobAt(
    {
      limit: { perS: 150, burst: 10 },
      latencyMs: 5,
      unprocessedEvery: 7,
      thereFrom: (id) => (id.endsWith('3') ? 3 : 1),
      completeFrom: 1,
      tooLarge: (id) => id.endsWith('0ff'),
    },
    400,
  );
  const settings = { ...AS_ON_AWS, startPerS: 300 };
  const { collection, warnings } = await createXRayCollector(settings).collect(job);
  expect(collection).toMatchObject({ expected: 400, found: 400, ended: 'complete' });
  const traces = await written();
  expect(sorted(traces)).toEqual(job.traceIds);
  for (const { Segments } of traces) {
    expect(Segments.map(({ Document }) => Document).join()).not.toContain('in_progress');
  }
  expect((await readdir(rawFolder)).sort()).toEqual(
    [RAW_FILES.spanRows, RAW_FILES.traceRows, RAW_FILES.traces].sort(),
  );
  // Each was read in progress first: those rows are gone.
  expect(await rowsOf(RAW_FILES.spanRows, 'count(*) filter (ended_us is null) as open')).toEqual({
    rows: 1200,
    traces: 400,
    open: 0,
  });
  expect(await rowsOf(RAW_FILES.traceRows, 'count(problems) as damaged')).toEqual({
    rows: 400,
    traces: 400,
    damaged: 1,
  });
  const codes = warnings.map(({ code }) => code);
  expect(codes).toContain('xray-throttled');
  expect(codes).toContain('traces-unprocessed');
  expect(warnings.find(({ code }) => code === 'traces-too-large')?.message).toMatch(/: 1$/);
  const { accepted = 0, throttled = 0 } = server ?? {};
  expect(throttled).toBeLessThan(accepted / 2);
});

test('what never settles is kept as it was read last, each once, and what never comes is told', async () => {
  const job = await jobAt(
    { thereFrom: (id) => (id.endsWith('0') ? 1e9 : 1), completeFrom: 1e9 },
    32,
  );
  job.deadlineMs = 600;
  const { collection, warnings } = await createXRayCollector(AS_ON_AWS).collect(job);
  expect(collection).toMatchObject({ expected: 32, found: 30, ended: 'deadline' });
  expect(sorted(await written())).toEqual(job.traceIds.filter((id) => !id.endsWith('0')));
  const codes = warnings.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['traces-missing', 'traces-unstable']));
});

test('credentials that expire midway: what was read stays, and the message says to renew them', async () => {
  const failFrom = { call: 20, code: 'ExpiredTokenException', status: 403 };
  const job = await jobAt({ failFrom }, 500);
  const settings = { ...AS_ON_AWS, stableReads: 1 };
  const { collection, warnings } = await createXRayCollector(settings).collect(job);
  expect(collection.ended).toBe('deadline');
  expect(collection.found).toBeGreaterThan(0);
  expect(collection.found).toBeLessThan(500);
  expect(collection.message).toContain('renew them');
  expect(await written()).toHaveLength(collection.found);
  expect(warnings.find(({ code }) => code === 'traces-missing')?.message).toContain(
    'bench collect',
  );
});

test('a right that is missing ends it at once and is named', async () => {
  const job = await jobAt(
    { failFrom: { call: 2, code: 'AccessDeniedException', status: 403 } },
    50,
  );
  const { collection } = await createXRayCollector(AS_ON_AWS).collect(job);
  expect(collection).toMatchObject({ found: 0, ended: 'unavailable' });
  expect(collection.message).toContain('xray:BatchGetTraces');
});

test('an endpoint that is not traced, or of which nothing is known, costs no call', async () => {
  const known = await jobAt({}, 3);
  for (const endpoint of [
    { ...known.endpoint, traced: false },
    { ...known.endpoint, aws: null },
  ]) {
    const { collection, warnings } = await createXRayCollector().collect({ ...known, endpoint });
    expect(collection).toMatchObject({ expected: 3, found: 0, ended: 'unavailable' });
    expect(warnings).toMatchObject([{ code: 'xray-unavailable', severity: 'note' }]);
  }
  expect(server?.accepted).toBe(0);
});

test('Transaction Search: traces are read through retrievals of 100 ids, page by page', async () => {
  const job = await jobAt(
    { destination: 'CloudWatchLogs', pageSize: 30, limit: { perS: 200, burst: 10 } },
    250,
  );
  const { collection, warnings } = await createXRayCollector(AS_ON_AWS).collect(job);
  expect(collection).toMatchObject({ expected: 250, found: 250, ended: 'complete' });
  const traces = await written();
  expect(sorted(traces)).toEqual(job.traceIds);
  expect(traces[0]).toHaveProperty('Segments.2.Document');
  expect(traces[0]).not.toHaveProperty('Spans');
  expect(server?.cancelled).toEqual([]);
  expect(warnings.map(({ code }) => code)).toContain('transaction-search');
});

test('Transaction Search: a retrieval that fails, and one that is given up', async () => {
  const retrieval = { running: 0, end: 'FAILED' as const };
  const failing = await jobAt({ destination: 'CloudWatchLogs', retrieval }, 5);
  const failed = await createXRayCollector({ ...AS_ON_AWS, pollMs: 5 }).collect(failing);
  expect(failed.collection).toMatchObject({ found: 0, ended: 'unavailable' });
  expect(failed.collection.message).toContain('FAILED');
  expect(failed.warnings.find(({ code }) => code === 'traces-missing')?.message).toContain(
    'REPORT lines stand in',
  );
  await server?.close();

  const running = { running: 1e9, end: 'COMPLETE' as const };
  const job = await jobAt({ destination: 'CloudWatchLogs', retrieval: running }, 5);
  job.deadlineMs = 300;
  const late = await createXRayCollector(AS_ON_AWS).collect(job);
  expect(late.collection).toMatchObject({ found: 0, ended: 'deadline' });
  expect(server?.cancelled).toEqual(server?.started);
  expect(server?.started).toHaveLength(1);
});

test('a thread of its own collects the same, and stops with the trial', async () => {
  const job = await jobAt({ thereFrom: (id) => (id.endsWith('7') ? 2 : 1) }, 60);
  const collector = createXRayCollector({ threadFrom: 1, pollMs: 20 });
  const { collection } = await collector.collect(job);
  expect(collection).toMatchObject({ expected: 60, found: 60, ended: 'complete' });
  expect(sorted(await written())).toEqual(job.traceIds);
  expect((await rowsOf(RAW_FILES.spanRows, '0 as none')).rows).toBe(180);

  await server?.close();
  const given = new AbortController();
  // One that never comes.
  const late = await jobAt({ thereFrom: () => 1_000_000 }, 5);
  const collecting = collector.collect({ ...late, signal: given.signal });
  given.abort(new Error('given up'));
  await expect(collecting).rejects.toThrow('given up');
});
