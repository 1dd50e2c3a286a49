import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RAW_FILES } from '../../model/raw.ts';
import { aProvisionedEndpoint } from '../../model/testing/a-provisioned-endpoint.ts';
import { createLogsCollector } from './index.ts';
import { ownReports } from './own-reports.ts';

const START_S = 1_733_000_000;
/** REPORT lines of a window of 100 s, one every 100 ms. */
const REPORTS = 1000;
const ISO = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

/** Logs Insights (AWS JSON 1.1) over the lines; stands for it where it answers, not for how fast. */
let server: Server;
let insights: 'answers' | 'fails' | 'denied' | 'gone';
let queries: { startTime: number; endTime: number; limit: number; looks: number }[];
let filtered: number;
let rawFolder: string;

beforeEach(async () => {
  insights = 'answers';
  queries = [];
  filtered = 0;
  rawFolder = await mkdtemp(join(tmpdir(), 'bench-logs-'));
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const [status, body] = answer(operation, JSON.parse(text));
    const type = 'application/x-amz-json-1.1';
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(rawFolder, { recursive: true });
});

function lines(fromMs: number, toMs: number) {
  return Array.from({ length: REPORTS }, (_, i) => ({
    timestamp: START_S * 1000 + i * 100,
    message: `REPORT RequestId: 00000000-0000-4000-8000-${String(i).padStart(12, '0')}\tDuration: 1.00 ms\n`,
  })).filter(({ timestamp }) => timestamp >= fromMs && timestamp <= toMs);
}

function answer(operation: string, input: Record<string, number | string>): [number, object] {
  const stream = '2024/11/30/[$LATEST]aa';
  if (operation === 'FilterLogEvents') {
    filtered += 1;
    if (insights === 'gone') return [400, { __type: 'ResourceNotFoundException', message: 'none' }];
    const events = lines(Number(input.startTime), Number(input.endTime)).map((line, i) => ({
      ...line,
      eventId: `e${i}`,
      logStreamName: stream,
      ingestionTime: line.timestamp,
    }));
    return [200, { events }];
  }
  if (insights === 'gone') return [400, { __type: 'ResourceNotFoundException', message: 'none' }];
  if (insights === 'denied') return [400, { __type: 'AccessDeniedException', message: 'no right' }];
  if (operation === 'StartQuery') {
    const { startTime, endTime, limit } = input as Record<string, number>;
    queries.push({ startTime, endTime, limit, looks: 0 } as (typeof queries)[number]);
    return [200, { queryId: `${queries.length - 1}` }];
  }
  const query = queries[Number(input.queryId)];
  if (operation !== 'GetQueryResults' || query === undefined) return [400, { __type: 'Other' }];
  query.looks += 1;
  if (query.looks === 1) return [200, { status: 'Running', results: [[]] }];
  if (insights === 'fails') return [200, { status: 'Failed' }];
  const all = lines(query.startTime * 1000, query.endTime * 1000 + 999);
  const given = all.slice(0, query.limit);
  const from = Number(input.nextToken ?? 0);
  const size = Math.min(Number(input.maxItems), 70);
  const results = given.slice(from, from + size).map(({ timestamp, message }, i) => [
    { field: '@timestamp', value: ISO(timestamp) },
    { field: '@ingestionTime', value: ISO(timestamp) },
    { field: '@logStream', value: stream },
    { field: '@message', value: message },
    { field: '@ptr', value: `p${from + i}` },
  ]);
  const nextToken = from + size < given.length ? `${from + size}` : undefined;
  return [
    200,
    { status: 'Complete', results, nextToken, statistics: { recordsMatched: all.length } },
  ];
}

async function collect() {
  const { port } = server.address() as AddressInfo;
  return createLogsCollector({ pollMs: 5, marginMs: 0, insightsFrom: 500, queryRows: 300 }).collect(
    {
      endpoint: aProvisionedEndpoint({
        front: 'function-url',
        aws: {
          region: 'us-east-1',
          endpoint: `http://127.0.0.1:${port}`,
          credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
        },
      }),
      window: { startedUs: START_S * 1e6, endedUs: (START_S + 100) * 1e6 },
      traceIds: [],
      expectedReports: REPORTS,
      rawFolder,
      deadlineMs: 5000,
      signal: new AbortController().signal,
    },
  );
}

async function written(): Promise<{ timestamp: number }[]> {
  const text = gunzipSync(await readFile(join(rawFolder, RAW_FILES.logs))).toString();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

test('many lines are read by queries, split where one matches more than it gives, each once', async () => {
  const { collection, warnings } = await collect();
  expect(collection).toMatchObject({ expected: REPORTS, found: REPORTS, ended: 'complete' });
  expect(warnings).toEqual([]);
  const instants = (await written()).map(({ timestamp }) => timestamp);
  expect(new Set(instants).size).toBe(REPORTS);
  expect(instants[0]).toBe(START_S * 1000);
  expect(filtered).toBe(0);
  expect(queries.length).toBeGreaterThan(3);
});

test.each(['fails', 'denied'] as const)(
  'a query that %s is made up for by FilterLogEvents',
  async (how) => {
    insights = how;
    const { collection, warnings } = await collect();
    expect(collection).toMatchObject({ found: REPORTS, ended: 'complete' });
    expect(warnings).toMatchObject([{ code: 'insights-failed', severity: 'note' }]);
    expect(await written()).toHaveLength(REPORTS);
  },
);

test('a log group that is not there is not waited for until the deadline', async () => {
  insights = 'gone';
  const { collection } = await collect();
  expect(collection).toMatchObject({ found: 0, ended: 'deadline' });
  expect(filtered).toBe(3);
});

test("a REPORT line is the trial's by its trace id, else by when it was reported", () => {
  const known = '1-674af1a0-00000000000000000000aaaa';
  const startedUs = 0x6745f1a0 * 1e6;
  const window = { startedUs, endedUs: startedUs + 60e6 };
  const isOwn = ownReports({ window, traceIds: [known] }, 1000, 30_000);
  const at = (s: number, id?: string) =>
    isOwn({
      eventId: '',
      logStreamName: '',
      timestamp: startedUs / 1000 + s * 1000,
      ingestionTime: 0,
      message: `REPORT RequestId: x${id === undefined ? '' : `\nXRAY TraceId: ${id}\t`}`,
    });
  const made = (s: number) => `1-${(0x6745f1a0 + s).toString(16)}-${'0'.repeat(24)}`;
  expect(at(-20, known)).toBe(true);
  // Not sampled, so not among the ids; its id tells when it was made.
  expect(at(5, made(5))).toBe(true);
  // Of the trial before, reported late; of the one after, within the margin.
  expect(at(1, made(-9))).toBe(false);
  expect(at(70, made(70))).toBe(false);
  // Without an id.
  expect([at(-5), at(-0.5), at(30), at(85), at(95)]).toEqual([false, true, true, true, false]);
});
