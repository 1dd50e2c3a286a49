import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { RawLogEvent } from '../model/raw.ts';
import { readLoad } from './merge-trial.ts';
import {
  CSV_HEADER,
  csvRows,
  type KnownRequest,
  rawTrace,
  reportEvent,
  requestIdOf,
  totalUsOf,
  traceIdOf,
} from './testing/known-request.ts';
import { jsonLines, knownRequests, writeRaw, writeRawTrial } from './testing/raw-trial.ts';

import { folder, merge, read } from './testing/trial-bed.ts';

const PART_COLUMNS = [
  'client_us',
  'network_us',
  'front_us',
  'placement_us',
  'init_us',
  'handler_us',
  'backend_us',
  'overhead_us',
  'unexplained_us',
] as const;
type BreakdownRow = Record<(typeof PART_COLUMNS)[number], number> & {
  trace_id: string;
  total_us: number;
  cold: boolean;
  backend_calls: number | null;
  source: string;
};
const sumOf = (row: BreakdownRow) => PART_COLUMNS.reduce((sum, p) => sum + (row[p] ?? 0), 0);

test.each(['old', 'new'] as const)(
  'known parts come back from %s-style documents',
  async (documents) => {
    const requests = knownRequests(300, seededRandom(1));
    writeRawTrial(folder, requests, { documents, clock: 'exact' });
    const { counts, warnings } = await merge();
    expect(counts).toMatchObject({
      requests: 300,
      reached: 300,
      withBoth: 300,
      invocations: 300,
      damaged: 0,
      negativeParts: 0,
      lostSamples: 0,
    });
    expect(warnings.map((w) => w.code)).toEqual(['no-metrics']);
    const rows = await read<BreakdownRow>('breakdown', 'order by started_us');
    expect(rows.length).toBe(300);
    for (const [i, row] of rows.entries()) {
      const known = requests[i] as KnownRequest;
      const backendUs = known.backendCallsUs.reduce((a, b) => a + b, 0);
      expect(row).toMatchObject({
        trace_id: traceIdOf(known),
        total_us: totalUsOf(known),
        client_us: known.clientUs,
        network_us: known.networkUs,
        front_us: known.frontUs,
        placement_us: known.placementUs,
        init_us: known.initUs,
        handler_us: known.handlerUs,
        backend_us: backendUs,
        overhead_us: known.overheadUs,
        unexplained_us: known.unexplainedUs,
        cold: known.cold,
        backend_calls: known.backendCallsUs.length,
        source: 'trace',
      });
    }
    const [first] = await read<Record<string, string | number | boolean>>(
      'invocations',
      'where init_us is not null order by reported_us',
    );
    expect(first).toMatchObject({
      first_in_environment: true,
      cold: true,
      prewarmed: false,
      memory_mb: 1024,
      function_name: 'f',
    });
  },
);

test('the millisecond clock makes no part negative and no sum wrong', async () => {
  const requests = knownRequests(2000, seededRandom(2), { environments: 50 }).map((known) => ({
    ...known,
    // As on one machine: everything around the function is shorter than the clock's step.
    networkUs: 120 + (known.index % 90),
    frontUs: 200 + (known.index % 70),
    placementUs: 90 + (known.index % 60),
    unexplainedUs: 60 + (known.index % 40),
    startedUs: known.startedUs + ((known.index * 7919) % 1000),
  }));
  writeRawTrial(folder, requests, { documents: 'old', clock: 'milliseconds' });
  const { counts } = await merge();
  expect(counts.negativeParts).toBe(0);
  const rows = await read<BreakdownRow>('breakdown', 'order by started_us');
  for (const [i, row] of rows.entries()) {
    expect(sumOf(row)).toBe(row.total_us);
    const known = requests[i] as KnownRequest;
    for (const part of PART_COLUMNS) expect(row[part]).toBeGreaterThanOrEqual(0);
    expect(row.backend_us).toBe(known.backendCallsUs.reduce((a, b) => a + b, 0));
    expect(row.handler_us).toBe(known.handlerUs);
    expect(Math.abs(row.placement_us - known.placementUs)).toBeLessThanOrEqual(1000);
    expect(row.unexplained_us).toBeLessThanOrEqual(1100);
  }
  // And no part is wrong on the whole: the clock's step does not pile up in any of them.
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const errorOf = (column: (typeof PART_COLUMNS)[number], truth: (k: KnownRequest) => number) =>
    Math.abs(mean(rows.map((r) => r[column])) - mean(requests.map(truth)));
  expect(errorOf('network_us', (k) => k.networkUs)).toBeLessThan(150);
  expect(errorOf('front_us', (k) => k.frontUs)).toBeLessThan(200);
  expect(errorOf('placement_us', (k) => k.placementUs)).toBeLessThan(150);
  expect(errorOf('unexplained_us', (k) => k.unexplainedUs)).toBeLessThan(150);
});

test('what the collectors are to find is known before anything is collected', async () => {
  const requests = knownRequests(20, seededRandom(3));
  const refused = { ...(requests[7] as KnownRequest), outcome: 'http_error', status: 429 };
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${requests.map((r) => csvRows(r === requests[7] ? refused : r)).join('')}`,
  });
  const found = await readLoad(join(folder, 'raw'));
  expect(found.traceIds).toEqual(requests.filter((r) => r !== requests[7]).map(traceIdOf));
  expect(found.expectedReports).toBe(19);
});

test('errors are decoded; a failed dial has no breakdown and is not reached', async () => {
  const requests = knownRequests(3, seededRandom(6));
  const [first, second] = requests as [KnownRequest, KnownRequest];
  const failed = {
    ...second,
    outcome: 'network_error',
    status: 0,
    error: 'dial: refused, "x=y&z"',
  };
  const zero = csvRows(failed)
    .replaceAll(/(http_req_\w+,\d+),[\d.]+/g, '$1,0.000000')
    .replace(/(graphql_request,\d+),[\d.]+/, '$1,0.000000');
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${csvRows(first)}${zero}`,
    traces: [rawTrace(first, { documents: 'old', clock: 'exact' })],
    events: [reportEvent(first)],
  });
  const { counts } = await merge();
  expect(counts).toMatchObject({ requests: 2, reached: 1, withBoth: 1 });
  const rows = await read<{ outcome: string; error: string | null; total_us: number }>(
    'requests',
    `where outcome <> 'ok'`,
  );
  expect(rows).toMatchObject([{ error: 'dial: refused, "x=y&z"', total_us: 0, status: 0 }]);
  expect(await read('breakdown')).toHaveLength(1);
});

test('a REPORT line without its XRAY part is joined by request id', async () => {
  const requests = knownRequests(5, seededRandom(7));
  writeRawTrial(folder, requests);
  const bare = (event: RawLogEvent) => ({
    ...event,
    message: event.message.replace(/XRAY.*\n/, ''),
  });
  writeFileSync(
    join(folder, 'raw', 'logs.jsonl.gz'),
    jsonLines(requests.map(reportEvent).map(bare)),
  );
  const { counts } = await merge();
  expect(counts.withBoth).toBe(5);
  const rows = await read<{ trace_id: string; request_id: string }>(
    'invocations',
    'order by request_id',
  );
  expect(rows.map((r) => r.trace_id)).toEqual(requests.map(traceIdOf));
  expect(rows.map((r) => r.request_id)).toEqual(requests.map(requestIdOf));
});

test('the trace id that came back joins where the front made its own', async () => {
  const requests = knownRequests(3, seededRandom(8));
  const own = requests.map((r) => ({ ...r, index: r.index + 1000 }));
  const csv = requests.map((r, i) =>
    csvRows(r).replaceAll(
      '&http_status',
      `&returned_trace_id=${traceIdOf(own[i] as KnownRequest)}&http_status`,
    ),
  );
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${csv.join('')}`,
    traces: own.map((r) => rawTrace(r, { documents: 'new', clock: 'exact' })),
    events: own.map(reportEvent),
  });
  const { counts } = await merge();
  expect(counts).toMatchObject({ requests: 3, withBoth: 3 });
  const rows = await read<BreakdownRow>('breakdown');
  expect(rows.map(sumOf)).toEqual(rows.map((r) => r.total_us));
});

test('a trace id nobody knew is found through the request id that came back', async () => {
  const requests = knownRequests(3, seededRandom(12));
  const own = requests.map((r) => ({ ...r, index: r.index + 1000 }));
  const csv = requests.map((r, i) =>
    csvRows(r).replaceAll(
      '&http_status',
      `&request_id=${requestIdOf(own[i] as KnownRequest)}&http_status`,
    ),
  );
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${csv.join('')}`,
    traces: own.map((r) => rawTrace(r, { documents: 'old', clock: 'exact' })),
    events: own.map(reportEvent),
  });
  const { counts } = await merge();
  expect(counts).toMatchObject({ requests: 3, withBoth: 3 });
});

test('without traces the REPORT lines stand in, and the table says so', async () => {
  const requests = knownRequests(5, seededRandom(9), { environments: 2 });
  writeRawTrial(folder, requests);
  rmSync(join(folder, 'raw', 'xray.jsonl.gz'));
  const { counts, warnings } = await merge();
  expect(counts).toMatchObject({ reached: 5, withTrace: 0, withReport: 5 });
  expect(warnings.map((w) => w.code)).toContain('no-traces');
  const rows = await read<BreakdownRow>('breakdown', 'order by started_us');
  for (const row of rows) {
    expect(row).toMatchObject({
      source: 'report',
      network_us: null,
      backend_calls: null,
      unexplained_us: 0,
    });
    expect(sumOf(row)).toBe(row.total_us);
  }
  expect(rows.map((r) => r.cold)).toEqual([true, true, false, false, false]);
  expect(rows[0]?.init_us).toBe(Math.round((requests[0] as KnownRequest).initUs / 10) * 10);
});

test('without any telemetry there are still requests', async () => {
  const requests = knownRequests(5, seededRandom(9));
  writeRaw(folder, { csv: `${CSV_HEADER}\n${requests.map(csvRows).join('')}` });
  const { counts } = await merge();
  expect(counts).toMatchObject({ requests: 5, reached: 5, withTrace: 0, withReport: 0 });
  expect(await read('breakdown')).toEqual([]);
});

test('late telemetry is merged again, also when the samples are gone', async () => {
  const requests = knownRequests(20, seededRandom(10));
  writeRaw(folder, { csv: `${CSV_HEADER}\n${requests.map(csvRows).join('')}` });
  await merge();
  writeRawTrial(folder, requests);
  rmSync(join(folder, 'raw', 'k6.csv'));
  const { counts } = await merge();
  expect(counts).toMatchObject({ requests: 20, withBoth: 20 });
  const before = readFileSync(join(folder, 'breakdown.parquet'));
  await merge();
  expect(readFileSync(join(folder, 'breakdown.parquet')).equals(before)).toBe(true);
  expect(existsSync(join(folder, 'breakdown.parquet.partial'))).toBe(false);
});
