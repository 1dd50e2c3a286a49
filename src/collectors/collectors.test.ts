import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../emulator/testing/with-emulator.ts';
import type { AwsAccess, Collector } from '../model/ports.ts';
import { RAW_FILES } from '../model/raw.ts';
import { aProvisionedEndpoint } from '../model/testing/a-provisioned-endpoint.ts';
import { cloudwatchCollector, createCloudWatchCollector } from './cloudwatch/index.ts';
import { createLogsCollector, logsCollector } from './logs/index.ts';
import { type ScriptedAws, startScriptedAws } from './testing/scripted-aws.ts';
import { createXRayCollector, xrayCollector } from './xray/index.ts';

type Job = Parameters<Collector['collect']>[0];

const REQUESTS = 23;
let tested: TestEmulator;
let rawFolder: string;
let whole: Job;
let scripted: ScriptedAws;
const roots: string[] = [];

beforeAll(async () => {
  tested = await startTestEmulator();
  const { emulator } = tested;
  const startedUs = Date.now() * 1000;
  const front = await emulator.addFront('rest-api', 'f');
  for (let i = 0; i < REQUESTS; i += 1) {
    const response = await fetch(front.url, { method: 'POST', body: '{}' });
    await response.text();
    roots.push(/Root=([^;]+)/.exec(response.headers.get('x-amzn-trace-id') ?? '')?.[1] ?? '');
  }
  await emulator.settle();
  whole = {
    endpoint: aProvisionedEndpoint({
      url: front.url,
      frontDimensions: front.frontDimensions,
      aws: {
        region: emulator.region,
        endpoint: emulator.awsEndpoint,
        credentials: emulator.credentials,
      },
    }),
    window: { startedUs, endedUs: Date.now() * 1000 },
    traceIds: roots,
    expectedReports: REQUESTS,
    rawFolder: '',
    deadlineMs: 20_000,
    signal: new AbortController().signal,
  };
});
afterAll(() => tested.close());
beforeEach(async () => {
  rawFolder = await mkdtemp(join(tmpdir(), 'bench-test-'));
  scripted = await startScriptedAws();
});
afterEach(async () => {
  await scripted.close();
  await rm(rawFolder, { recursive: true });
});

const job = (more: Partial<Job> = {}): Job => ({ ...whole, rawFolder, ...more });
/** A job against the scripted services. */
const scriptedJob = (more: Partial<Job> = {}): Job =>
  job({
    endpoint: {
      ...whole.endpoint,
      aws: { ...(whole.endpoint.aws as AwsAccess), endpoint: scripted.origin },
    },
    ...more,
  });
async function lines(file: string): Promise<Record<string, unknown>[]> {
  const text = gunzipSync(await readFile(join(rawFolder, file))).toString();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

test('all traces are read from the emulator, each once', async () => {
  const { collection, warnings } = await xrayCollector.collect(job());
  expect(collection).toMatchObject({ expected: REQUESTS, found: REQUESTS, ended: 'complete' });
  expect(warnings).toEqual([]);
  const traces = await lines(RAW_FILES.traces);
  expect(traces.map(({ Id }) => Id).sort()).toEqual([...roots].sort());
  expect(traces[0]).toHaveProperty('Segments.0.Document');
});

test('all REPORT lines are read from the emulator', async () => {
  const { collection } = await logsCollector.collect(job());
  expect(collection).toMatchObject({ expected: REQUESTS, found: REQUESTS, ended: 'complete' });
  const events = await lines(RAW_FILES.logs);
  expect(events).toHaveLength(REQUESTS);
  expect(events[0]?.message).toMatch(/^REPORT RequestId: /);
});

test('a REPORT line that came long after its caller gave up is found by its id', async () => {
  const { startedUs } = whole.window;
  const early = { startedUs: startedUs - 60e6, endedUs: startedUs - 30e6 };
  const { collection } = await logsCollector.collect(job({ window: early }));
  expect(collection).toMatchObject({ found: REQUESTS, ended: 'complete' });
});

test('the metrics of function and front are read from the emulator', async () => {
  const { collection } = await cloudwatchCollector.collect(job());
  expect(collection).toMatchObject({ expected: 13, found: 13, ended: 'complete' });
  const metrics = JSON.parse(await readFile(join(rawFolder, RAW_FILES.metrics), 'utf8'));
  const count = metrics.find(({ metric }: { metric: string }) => metric === 'Count');
  expect(count).toMatchObject({
    namespace: 'AWS/ApiGateway',
    dimensions: { ApiName: 'f-api', Stage: 'bench' },
    statistic: 'Sum',
    periodS: 60,
  });
  const total = count.values.reduce((sum: number, value: number) => sum + value, 0);
  expect(total).toBe(REQUESTS);
  expect(count.timestamps[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
});

test('what never comes is counted at the deadline, and what came is kept', async () => {
  const unknown = '1-5e66d96f-000000000000000000000000';
  const late = { traceIds: [...roots, unknown], expectedReports: REQUESTS + 2, deadlineMs: 300 };
  const traces = await createXRayCollector({ pollMs: 50 }).collect(job(late));
  expect(traces.collection).toMatchObject({
    expected: REQUESTS + 1,
    found: REQUESTS,
    ended: 'deadline',
  });
  expect(traces.warnings[0]).toMatchObject({ code: 'traces-missing' });
  expect(await lines(RAW_FILES.traces)).toHaveLength(REQUESTS);
  const logs = await createLogsCollector({ pollMs: 50 }).collect(job(late));
  expect(logs.collection).toMatchObject({ found: REQUESTS, ended: 'deadline' });
  expect(await lines(RAW_FILES.logs)).toHaveLength(REQUESTS);
  const metrics = await createCloudWatchCollector({ pollMs: 50 }).collect(job(late));
  expect(metrics.collection).toMatchObject({ ended: 'deadline' });
});

const trace = (id: string, ...documents: object[]) => ({
  Id: id,
  Segments: documents.map((document, i) => ({ Id: `${i}`, Document: JSON.stringify(document) })),
});

test('a trace is taken when it is complete and two reads agree', async () => {
  const id = roots[0] as string;
  scripted.answers.push(
    { Traces: [], UnprocessedTraceIds: [id] },
    { Traces: [trace(id, { a: 1 })] },
    { Traces: [trace(id, { a: 1 }, { in_progress: true })] },
    { Traces: [trace(id, { a: 1 }, { in_progress: true })] },
    { Traces: [trace(id, { a: 1 }, { b: 2 })] },
    { Traces: [trace(id, { a: 1 }, { b: 2 })] },
  );
  const collector = createXRayCollector({ pollMs: 1, stableReads: 2 });
  const { collection } = await collector.collect(scriptedJob({ traceIds: [id] }));
  expect(collection).toMatchObject({ found: 1, ended: 'complete' });
  const [written, ...others] = await lines(RAW_FILES.traces);
  expect(others).toEqual([]);
  expect(written?.Segments).toHaveLength(2);
  expect(scripted.answers).toEqual([]);
});

test('throttles, faults and damaged answers cost time, not data', async () => {
  const id = roots[0] as string;
  scripted.answers.push(
    { status: 429, code: 'ThrottledException' },
    { status: 500, code: 'InternalFailure' },
    { Traces: [{ Id: id, Segments: [{ Id: 7 }] }] },
    { Traces: 'none' },
    { Traces: [trace(id, { a: 1 })] },
  );
  const collector = createXRayCollector({ pollMs: 1, stableReads: 1 });
  const { collection, warnings } = await collector.collect(scriptedJob({ traceIds: [id] }));
  expect(collection).toMatchObject({ found: 1, ended: 'complete' });
  expect(warnings.length).toBeGreaterThan(0);
});

test('ids no trace can have are counted, and do not spoil the others', async () => {
  const traceIds = ['null', ...roots, roots[0] as string];
  const { collection, warnings } = await xrayCollector.collect(job({ traceIds }));
  expect(collection).toMatchObject({ expected: REQUESTS + 1, found: REQUESTS, ended: 'deadline' });
  expect(warnings.map(({ code }) => code)).toContain('trace-ids-malformed');
});

test('an abort ends it and leaves no half file', async () => {
  const controller = new AbortController();
  for (const collector of [
    createXRayCollector({ pollMs: 10_000 }),
    createLogsCollector({ pollMs: 10_000 }),
    createCloudWatchCollector({ pollMs: 10_000 }),
  ]) {
    const collecting = collector.collect(
      job({
        traceIds: ['1-5e66d96f-000000000000000000000000'],
        expectedReports: 1000,
        signal: controller.signal,
      }),
    );
    const stopped = expect(collecting).rejects.toThrow('stop');
    setImmediate(() => controller.abort(new Error('stop')));
    await stopped;
  }
  expect(await readdir(rawFolder)).toEqual([]);
});

test('a raw folder that is not there is a usage error', async () => {
  await expect(
    xrayCollector.collect(job({ rawFolder: join(rawFolder, 'missing') })),
  ).rejects.toMatchObject({ name: 'UsageError' });
});
