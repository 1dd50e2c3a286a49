import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOf, trialOf } from '../analysis/testing/trial-files.ts';
import { cloudwatchCollector } from '../collectors/cloudwatch/index.ts';
import { logsCollector } from '../collectors/logs/index.ts';
import { createXRayCollector, xrayCollector } from '../collectors/xray/index.ts';
import { newTraceRoot } from '../emulator/ids.ts';
import { startTestEmulator, type TestEmulator } from '../emulator/testing/with-emulator.ts';
import { mergeTrial } from '../merge/merge-trial.ts';
import { CSV_HEADER } from '../merge/testing/known-request.ts';
import type { Collector } from '../model/ports.ts';
import { RAW_FILES } from '../model/raw.ts';
import { aProvisionedEndpoint } from '../model/testing/a-provisioned-endpoint.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { type RunFolder, runFolder, type TrialFolder } from '../store/run-store.ts';
import { type CollectedTrial, collectAgain } from './collect-again.ts';

const REQUESTS = 30;
const cell = {
  id: 'dynamo-1024-rest-api-apollo-x1-ramp',
  endpoint: anEndpoint(),
  profile: { kind: 'users' as const, users: 1, overS: 1 },
};
const results = mkdtempSync(join(tmpdir(), 'bench-collect-'));
const COLLECTORS = [xrayCollector, logsCollector, cloudwatchCollector];
let tested: TestEmulator;
let folder: RunFolder;
let trial: TrialFolder;
let window: { startedUs: number; endedUs: number };

/** A run whose trial had collected a third of its traces, half its REPORT lines and no metrics. */
beforeAll(async () => {
  tested = await startTestEmulator();
  const { emulator } = tested;
  folder = runFolder(results, '20261120-191500-x7f2');
  trial = folder.trialFolder(cell.id, 1);
  const front = await emulator.addFront('rest-api', 'f');
  const startedUs = Date.now() * 1000;
  let csv = `${CSV_HEADER}\n`;
  const ids: string[] = [];
  for (let i = 0; i < REQUESTS; i += 1) {
    const fromUs = Date.now() * 1000;
    const root = newTraceRoot(fromUs);
    ids.push(root);
    const headers = { 'x-amzn-trace-id': `Root=${root};Sampled=1` };
    await (await fetch(front.url, { method: 'POST', body: '{}', headers })).text();
    csv += samples(root, i, fromUs, Date.now() * 1000 - fromUs + 1000);
  }
  await emulator.settle();
  window = { startedUs, endedUs: Date.now() * 1000 };
  writeFileSync(join(trial.rawPath, RAW_FILES.k6Samples), csv);
  const run = runOf([cell]);
  run.telemetry = [
    {
      cellId: cell.id,
      region: emulator.region,
      awsEndpoint: emulator.awsEndpoint,
      front: 'rest-api',
      functionName: 'f',
      qualifier: null,
      logGroup: '/aws/lambda/f',
      frontDimensions: front.frontDimensions,
      traced: true,
    },
  ];
  folder.writeRun(run);
  const job: Parameters<Collector['collect']>[0] = {
    endpoint: aProvisionedEndpoint({
      url: front.url,
      aws: {
        region: emulator.region,
        endpoint: emulator.awsEndpoint,
        credentials: emulator.credentials,
      },
    }),
    window,
    traceIds: ids.slice(0, REQUESTS / 3),
    expectedReports: REQUESTS,
    rawFolder: trial.rawPath,
    deadlineMs: 5000,
    signal: AbortSignal.timeout(30_000),
  };
  await xrayCollector.collect(job);
  await logsCollector.collect(job);
  const logs = join(trial.rawPath, RAW_FILES.logs);
  const half = lines(RAW_FILES.logs).slice(0, REQUESTS / 2);
  writeFileSync(logs, gzipSync(`${half.join('\n')}\n`));
  const { counts, warnings } = await mergeTrial({ trialFolder: trial.path, cell });
  rmSync(join(trial.rawPath, RAW_FILES.k6Samples));
  const record = { ...trialOf(cell.id, 1, REQUESTS), window, merge: counts, warnings };
  expect(record.merge).toMatchObject({ withTrace: REQUESTS / 3 });
  record.warnings.push({ code: 'reports-missing', severity: 'doubtful', message: '15 of 30' });
  record.warnings.push({ code: 'drift', severity: 'doubtful', message: 'of the load' });
  trial.write(record);
});
afterAll(async () => {
  await tested.close();
  rmSync(results, { recursive: true, force: true });
});

function samples(root: string, index: number, startedUs: number, totalUs: number): string {
  const at = startedUs + totalUs;
  const own = `trace_id=${root}&join_key=${index}`;
  const row = (metric: string, us: number) =>
    `http_req_${metric},${at},${us / 1000},,,ramp,200,,${own}\n`;
  const times = ['blocked', 'sending', 'receiving'].map((metric) => row(metric, 0)).join('');
  return `${times}${row('duration', totalUs)}${row('waiting', totalUs)}graphql_request,${at},${totalUs / 1000},,,ramp,,operation=x&outcome=ok&phase=hold,${own}&http_status=200\n`;
}

function lines(file: string): string[] {
  const text = gunzipSync(readFileSync(join(trial.rawPath, file))).toString();
  return text.split('\n').filter(Boolean);
}

function again(more: Partial<Parameters<typeof collectAgain>[0]> = {}) {
  return collectAgain({
    folder,
    collectors: COLLECTORS,
    credentials: tested.emulator.credentials,
    waitMs: 2000,
    signal: AbortSignal.timeout(30_000),
    sink: () => {},
    ...more,
  });
}

test('what an abort cut off leaves everything as it was', async () => {
  const before = readFileSync(join(trial.rawPath, RAW_FILES.traces));
  const signal = AbortSignal.abort(new Error('stop'));
  await expect(again({ signal })).rejects.toThrow('stop');
  expect(readFileSync(join(trial.rawPath, RAW_FILES.traces))).toEqual(before);
  expect(trial.read()?.merge).toMatchObject({ withTrace: REQUESTS / 3 });
});

test('credentials that expire: what was read stays, and the message says what to do', async () => {
  const refused: Collector = {
    name: 'xray',
    collect: async () => ({
      collection: {
        collector: 'xray',
        expected: 20,
        found: 0,
        ended: 'unavailable',
        tookMs: 1,
        message: 'the credentials expired (ExpiredTokenException): renew them',
      },
      warnings: [],
    }),
  };
  const told: CollectedTrial[] = [];
  const collecting = again({
    collectors: [refused, logsCollector],
    sink: (event) => told.push(event),
  });
  await expect(collecting).rejects.toThrow(
    'the credentials expired (ExpiredTokenException): renew them; then "bench collect 20261120-191500-x7f2"',
  );
  expect(told[0]).toMatchObject({ before: { reports: 15 }, after: { reports: 30, traces: 10 } });
  const record = trial.read();
  expect(record?.merge).toMatchObject({ withTrace: REQUESTS / 3, withReport: REQUESTS });
  expect(record?.warnings).toContainEqual(
    expect.objectContaining({
      code: 'traces-missing',
      message: expect.stringMatching(/^20 of 30 traces/),
    }),
  );
});

test('what was late is read, joined and analysed, once', async () => {
  const [first] = await again();
  expect(first).toMatchObject({
    before: { traces: REQUESTS / 3, reports: REQUESTS, points: 0 },
    after: { traces: REQUESTS, reports: REQUESTS },
    expected: { traces: REQUESTS, reports: REQUESTS },
    merged: true,
    problems: [],
  });
  expect(first?.after.points).toBeGreaterThan(0);
  const record = trial.read();
  expect(record?.merge).toMatchObject({
    requests: REQUESTS,
    withTrace: REQUESTS,
    withReport: REQUESTS,
    sampled: REQUESTS,
    invocations: REQUESTS,
    damaged: 0,
  });
  expect(record?.collections).toMatchObject([
    { collector: 'xray', expected: REQUESTS, found: REQUESTS, ended: 'complete' },
    { collector: 'logs', expected: REQUESTS, found: REQUESTS, ended: 'complete' },
    { collector: 'cloudwatch', ended: 'complete' },
  ]);
  const codes = record?.warnings.map(({ code }) => code);
  expect(codes).toContain('drift');
  expect(codes).not.toContain('reports-missing');
  expect(readFileSync(folder.analysisPath, 'utf8')).toContain(cell.id);

  const files = [RAW_FILES.traces, RAW_FILES.logs, RAW_FILES.metrics].map((file) =>
    readFileSync(join(trial.rawPath, file)),
  );
  const [second] = await again();
  expect(second).toMatchObject({ merged: false, before: first?.after, after: first?.after });
  const later = [RAW_FILES.traces, RAW_FILES.logs, RAW_FILES.metrics].map((file) =>
    readFileSync(join(trial.rawPath, file)),
  );
  expect(later).toEqual(files);
});

test('a merge that was cut short is made up for', async () => {
  writeFileSync(
    join(trial.rawPath, RAW_FILES.logs),
    gzipSync(`${lines(RAW_FILES.logs).join('\n')}\n`),
  );
  expect(await again({ collectors: [createXRayCollector()] })).toMatchObject([{ merged: true }]);
});

test('a run without telemetry on AWS, and one whose stand-in is gone, have one message each', async () => {
  const local = runFolder(results, '20261120-191500-aaaa');
  local.writeRun(runOf([cell]));
  await expect(again({ folder: local })).rejects.toMatchObject({ name: 'UsageError' });
  const gone = runFolder(results, '20261120-191500-bbbb');
  const [place] = folder.readRun().telemetry;
  if (place === undefined) throw new Error('no place');
  gone.writeRun({ ...runOf([cell]), telemetry: [{ ...place, awsEndpoint: 'http://127.0.0.1:9' }] });
  await expect(again({ folder: gone })).rejects.toThrow('answers no longer');
});
