import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../base/package-root.ts';
import type { RawLogEvent } from '../model/raw.ts';
import { Database, literal } from '../store/tables/database.ts';
import { mergeTrial } from './merge-trial.ts';
import { CSV_HEADER } from './testing/known-request.ts';
import { writeRaw } from './testing/raw-trial.ts';

/**
 * The whole merge over the recorded documents: breakdowns computed by hand, in microseconds. The
 * client's side is made up: blocked 100, sending 50, receiving 150, and the waiting given here.
 */
const RECORDED = [
  { file: 'xray-old-cold', waitingUs: 1_450_000 },
  { file: 'xray-old-warm', waitingUs: 47_200 },
  { file: 'xray-new-cold', waitingUs: 396_000 },
  { file: 'xray-partial', waitingUs: 95_000 },
  { file: 'xray-throttled', waitingUs: 14_000, status: 500 },
  { file: 'xray-prewarmed', waitingUs: 45_100 },
] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-golden-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function readRecorded(file: string): unknown {
  return JSON.parse(
    readFileSync(join(packageRoot(), 'fixtures', 'recorded', `${file}.json`), 'utf8'),
  );
}

function csvOf(traceId: string, index: number, waitingUs: number, status: number): string {
  const at = 1_700_000_000_000_000 + waitingUs + 200;
  const own = `trace_id=${traceId}&join_key=${index}`;
  const row = (metric: string, us: number) =>
    `http_req_${metric},${at},${us / 1000},,,ramp,${status},,${own}\n`;
  const outcome = status === 200 ? 'ok' : 'http_error';
  return (
    row('duration', waitingUs + 200) +
    row('blocked', 100) +
    row('sending', 50) +
    row('waiting', waitingUs) +
    row('receiving', 150) +
    `graphql_request,${at},${(waitingUs + 300) / 1000},,,ramp,,operation=x&outcome=${outcome}&phase=hold,${own}&http_status=${status}\n`
  );
}

test('recorded documents give the breakdowns computed by hand', async () => {
  const traces = RECORDED.map(({ file }) => {
    const documents = readRecorded(file) as { id: string; trace_id: string }[];
    return {
      Id: documents[0]?.trace_id ?? '',
      Segments: documents.map((d) => ({ Id: d.id, Document: JSON.stringify(d) })),
    };
  });
  const csv = RECORDED.map((r, i) =>
    csvOf(traces[i]?.Id ?? '', i, r.waitingUs, 'status' in r ? r.status : 200),
  );
  const events = (readRecorded('log-events') as RawLogEvent[]).slice(0, 5);
  writeRaw(folder, { csv: `${CSV_HEADER}\n${csv.join('')}`, traces, events });
  const { counts } = await mergeTrial({
    trialFolder: folder,
    cell: {
      id: 'golden',
      endpoint: {
        backend: 'dynamo',
        variant: null,
        dataLayer: null,
        batching: false,
        memoryMb: 128,
        front: 'rest-api',
        server: 'apollo',
        dataset: 'x1',
        runtime: 'nodejs24.x',
        timeoutS: 30,
        provisionedConcurrency: 0,
        reservedConcurrency: null,
        responseStreaming: false,
        revision: null,
      },
      profile: { kind: 'users', users: 6, overS: 1 },
    },
  });
  expect(counts).toMatchObject({
    requests: 6,
    reached: 5,
    withTrace: 5,
    withReport: 1,
    damaged: 0,
  });
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  const rows = await database.rows<Record<string, number | boolean | string | null>>(
    `select * from read_parquet(${literal(join(folder, 'breakdown.parquet'))}) order by join_key`,
  );
  database.close();
  const parts = rows.map((r) => [
    r.client_us,
    r.network_us,
    r.front_us,
    r.placement_us,
    r.init_us,
    r.handler_us,
    r.backend_us,
    r.overhead_us,
    r.unexplained_us,
  ]);
  expect(parts).toEqual([
    // 1450 − 1444; 1444 − 1425; 391.087 − 17.5; 851.506; 196.880 − 82; 82; 0.543; the rest of 1425
    [300, 6_000, 19_000, 373_587, 851_506, 114_880, 82_000, 543, 2_484],
    // 47.2 − 45; 45 − 31; 16.2 − 12.5; none; 25.7 − 20; 20; 0.3; the rest of 31
    [300, 2_200, 14_000, 3_700, 0, 5_700, 20_000, 300, 1_300],
    // no gateway: 396 − 390; 20.25 − 10.5; 179.25; 195.5 − 70; 70; 1; the rest of 390
    [300, null, 6_000, 9_750, 179_250, 125_500, 70_000, 1_000, 4_500],
    // no service segment: 95 − 90; 90 − 29; the invocation's 29 − 20; 20
    [300, 5_000, 61_000, 0, 0, 9_000, 20_000, 0, 0],
    // prewarmed: 45.1 − 45; 45 − 31; 16.2 − 12.5; an init nobody waited for; 25.7; 0.3
    [300, 100, 14_000, 3_700, 0, 25_700, 0, 300, 1_300],
  ]);
  expect(rows.map((r) => [r.cold, r.first_in_environment])).toEqual([
    [true, true],
    [false, false],
    [true, true],
    [false, false],
    [false, true],
  ]);
  for (const [i, row] of rows.entries()) {
    const sum = (parts[i] ?? []).reduce<number>((a, b) => a + Number(b ?? 0), 0);
    expect(sum).toBe(row.total_us);
  }
});
