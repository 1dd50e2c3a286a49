import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nowUs } from '../src/base/clock.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { cloudwatchCollector } from '../src/collectors/cloudwatch/index.ts';
import { logsCollector } from '../src/collectors/logs/index.ts';
import { xrayCollector } from '../src/collectors/xray/index.ts';
import { startEmulator } from '../src/emulator/emulator.ts';
import { newTraceRoot } from '../src/emulator/ids.ts';
import { mergeTrial } from '../src/merge/merge-trial.ts';
import { CSV_HEADER } from '../src/merge/testing/known-request.ts';
import { RAW_FILES } from '../src/model/raw.ts';
import { anEndpoint } from '../src/model/testing/an-endpoint.ts';
import type { MergeCounts } from '../src/model/trial.ts';
import type { Warning } from '../src/model/warning.ts';
import { rows } from './kept.ts';

/**
 * Which requests were first in environment, and which of those a user felt: from real environments over
 * AWS's protocols through the merge, against what the environments themselves say.
 */
const HANDLER = `
let calls = 0;
export const handler = async (event) => {
  calls += 1;
  const { action } = JSON.parse(event.body);
  if (action === 'exit') process.exit(3);
  if (action === 'hang') await new Promise(() => setInterval(() => {}, 1000));
  if (action === 'slow') await new Promise((resolve) => setTimeout(resolve, 150));
  const { AWS_LAMBDA_INITIALIZATION_TYPE: type, AWS_LAMBDA_LOG_STREAM_NAME: environment } = process.env;
  return { statusCode: 200, body: JSON.stringify({ type, environment, calls }) };
};`;

interface Sent {
  root: string;
  startedUs: number;
  totalUs: number;
  status: number;
  /** null where the environment did not live to say. */
  said: { type: string; environment: string; calls: number } | null;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-agreement-'));
const sent: Sent[] = [];
let merged: { counts: MergeCounts; warnings: Warning[] };

const invocationsFile = `'${join(folder, 'trial', 'invocations.parquet')}'`;
const breakdownFile = `'${join(folder, 'trial', 'breakdown.parquet')}'`;

beforeAll(async () => {
  const code = join(folder, 'code');
  const rawFolder = join(folder, 'trial', 'raw');
  mkdirSync(code);
  mkdirSync(rawFolder, { recursive: true });
  writeFileSync(join(code, 'index.mjs'), HANDLER);
  const supervisor = createSupervisor();
  const emulator = await startEmulator({ supervisor });
  try {
    await emulator.functions.create({
      name: 'f',
      runtime: 'nodejs24.x',
      codeFolder: code,
      handler: { file: 'index.mjs', exportName: 'handler' },
      memoryMb: 1024,
      timeoutS: 1,
      environment: {},
    });
    const front = await emulator.addFront('rest-api', 'f');
    const send = async (action: string): Promise<void> => {
      const startedUs = nowUs();
      const root = newTraceRoot(startedUs);
      const response = await fetch(front.url, {
        method: 'POST',
        body: JSON.stringify({ action }),
        headers: { 'x-amzn-trace-id': `Root=${root};Sampled=1` },
      });
      const body = await response.text();
      const said = response.status === 200 ? (JSON.parse(body) as Sent['said']) : null;
      sent.push({ root, startedUs, totalUs: nowUs() - startedUs, status: response.status, said });
    };
    const atOnce = (count: number, action: string) =>
      Promise.all(Array.from({ length: count }, () => send(action)));
    const windowStartedUs = nowUs();
    await send('');
    await emulator.functions.provisionConcurrency('f', 2);
    await send('');
    // Two provisioned ones, the one on demand, and two more that start for their requests.
    await atOnce(5, 'slow');
    for (let i = 0; i < 10; i += 1) await send('');
    // Provisioned ones crash, in a later invocation and in their first, or exceed their time.
    for (const action of ['exit', 'exit', 'hang', 'exit']) {
      await send(action);
      await emulator.functions.provisionedReady('f');
    }
    await atOnce(3, '');
    await emulator.functions.endEnvironments('f');
    await emulator.functions.provisionConcurrency('f', 0);
    // On demand, one that crashes in its first invocation.
    await send('exit');
    await send('');
    await emulator.functions.endEnvironments('f');
    await emulator.settle();
    const job = {
      endpoint: {
        url: front.url,
        asEvent: false,
        signing: null,
        headers: {},
        front: 'rest-api' as const,
        memoryMb: 1024,
        functionName: 'f',
        qualifier: null,
        logGroup: '/aws/lambda/f',
        frontDimensions: front.frontDimensions,
        traced: true,
        aws: {
          region: emulator.region,
          endpoint: emulator.awsEndpoint,
          credentials: emulator.credentials,
        },
      },
      window: { startedUs: windowStartedUs, endedUs: nowUs() },
      traceIds: sent.map(({ root }) => root),
      expectedReports: sent.length,
      rawFolder,
      deadlineMs: 20_000,
      signal: new AbortController().signal,
    };
    for (const collector of [xrayCollector, logsCollector, cloudwatchCollector]) {
      expect((await collector.collect(job)).collection.ended).toBe('complete');
    }
  } finally {
    await emulator.close();
    await supervisor.close();
  }
  const csv = `${CSV_HEADER}\n${sent.map(samples).join('')}`;
  writeFileSync(join(rawFolder, RAW_FILES.k6Samples), csv);
  merged = await mergeTrial({
    trialFolder: join(folder, 'trial'),
    cell: { id: 'f', endpoint: anEndpoint(), profile: { kind: 'users', users: 1, overS: 1 } },
  });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function samples({ root, startedUs, totalUs, status }: Sent, index: number): string {
  const at = startedUs + totalUs;
  const own = `trace_id=${root}&join_key=${index}`;
  const row = (metric: string, us: number) =>
    `http_req_${metric},${at},${us / 1000},,,ramp,${status},,${own}\n`;
  const outcome = status === 200 ? 'ok' : 'http_error';
  return (
    row('duration', totalUs) +
    row('blocked', 0) +
    row('sending', 0) +
    row('waiting', totalUs) +
    row('receiving', 0) +
    `graphql_request,${at},${totalUs / 1000},,,ramp,,operation=x&outcome=${outcome}&phase=hold,${own}&http_status=${status}\n`
  );
}

test('trace and REPORT line agree on every request, crashes and provisioned ones included', () => {
  expect(merged.counts).toMatchObject({
    requests: sent.length,
    reached: sent.length,
    withBoth: sent.length,
    invocations: sent.length,
    disagreements: 0,
  });
  expect(merged.warnings.map(({ code }) => code)).not.toContain('init-disagreement');
});

test('each environment has one first request, its earliest', async () => {
  const environments = await rows<{ firsts: string; earliest: boolean }>(
    `select sum(first_in_environment::int) as firsts,
       arg_min(first_in_environment, b.started_us) as earliest
     from ${invocationsFile} i join (select trace_id, started_us from ${breakdownFile}) b using (trace_id)
     group by environment`,
  );
  expect(environments.length).toBeGreaterThan(8);
  for (const environment of environments) {
    expect(environment).toMatchObject({ firsts: '1', earliest: true });
  }
});

test('cold and prewarmed are what the environments say they were', async () => {
  const table = await rows<Record<'trace_id', string> & Record<string, unknown>>(
    `select i.trace_id, i.first_in_environment, i.cold, i.prewarmed, i.init_us, i.billed_us, i.duration_us,
       b.first_in_environment as broken_first, b.cold as broken_cold, b.init_us as felt_us
     from ${invocationsFile} i join ${breakdownFile} b using (trace_id)`,
  );
  const byTrace = new Map(table.map((row) => [row.trace_id, row]));
  let prewarmed = 0;
  for (const { root, said } of sent) {
    if (said === null) continue;
    const first = said.calls === 1;
    const cold = first && said.type === 'on-demand';
    if (first && !cold) prewarmed += 1;
    const row = byTrace.get(root);
    expect(row).toMatchObject({
      first_in_environment: first,
      cold,
      prewarmed: first && !cold,
      broken_first: first,
      broken_cold: cold,
    });
    if (first) expect(Number(row?.init_us)).toBeGreaterThan(10_000);
    if (cold) expect(Number(row?.felt_us)).toBeGreaterThan(10_000);
    else expect(Number(row?.felt_us)).toBe(0);
    // The invocation is billed for an init on demand only.
    const billedInitUs = Number(row?.billed_us) - Number(row?.duration_us);
    expect(billedInitUs > 10_000).toBe(cold);
  }
  expect(prewarmed).toBeGreaterThanOrEqual(3);
});
