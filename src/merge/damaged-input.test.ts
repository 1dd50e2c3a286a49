import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ToolError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import { CSV_HEADER, csvRows, rawTrace, reportEvent } from './testing/known-request.ts';
import { jsonLines, knownRequests, writeRaw, writeRawTrial } from './testing/raw-trial.ts';

import { folder, merge, read } from './testing/trial-bed.ts';

test('a truncated last line costs its request only, and is counted', async () => {
  const requests = knownRequests(10, seededRandom(4));
  const csv = `${CSV_HEADER}\n${requests.map(csvRows).join('')}`;
  writeRawTrial(folder, requests);
  // Cut within the metadata of the last request's own sample: what is left looks like a whole row.
  writeFileSync(join(folder, 'raw', 'k6.csv'), csv.slice(0, csv.lastIndexOf('trace_id=') + 20));
  const { counts, warnings } = await merge();
  expect(counts).toMatchObject({ requests: 9, withBoth: 9, damaged: 1, lostSamples: 0 });
  expect(warnings.map((w) => w.code)).toContain('unfinished-requests');
  expect(warnings.find((w) => w.code === 'damaged-raw-data')?.message).toContain('k6.csv');
});

test('samples that are missing in the middle are counted by their keys', async () => {
  const requests = knownRequests(10, seededRandom(4)).filter((r) => r.index !== 3 && r.index !== 6);
  writeRawTrial(folder, requests);
  const { counts, warnings } = await merge();
  expect(counts.lostSamples).toBe(2);
  expect(warnings.map((w) => w.code)).toContain('lost-samples');
});

test('a line that has not the columns of the header is counted and left out', async () => {
  writeRawTrial(folder, knownRequests(10, seededRandom(5)));
  appendFileSync(join(folder, 'raw', 'k6.csv'), 'http_req_waiting,12\n');
  const { counts } = await merge();
  expect(counts).toMatchObject({ requests: 10, withBoth: 10, damaged: 1 });
});

test('a missing sample file is one message that names it', async () => {
  await expect(merge()).rejects.toThrow(ToolError);
  await expect(merge()).rejects.toThrow(join(folder, 'raw', 'k6.csv'));
});

test("another program's CSV is refused by the column it lacks", async () => {
  writeRaw(folder, { csv: 'metric_name,timestamp,metric_value\n' });
  await expect(merge()).rejects.toThrow('extra_tags, metadata');
});

test('a gzip file that was cut off gives what is whole', async () => {
  const requests = knownRequests(400, seededRandom(11));
  writeRawTrial(folder, requests);
  const path = join(folder, 'raw', 'xray.jsonl.gz');
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, Math.floor(whole.length / 2)));
  const { counts, warnings } = await merge();
  expect(counts.damaged).toBe(1);
  expect(counts.withTrace).toBeGreaterThan(100);
  expect(counts.withTrace).toBeLessThan(300);
  expect(warnings.find((w) => w.code === 'damaged-raw-data')?.message).toContain('xray.jsonl.gz');
});

test('CloudWatch points become rows; a malformed series is counted', async () => {
  const requests = knownRequests(3, seededRandom(13));
  writeRawTrial(folder, requests);
  const series = {
    namespace: 'AWS/Lambda',
    metric: 'Throttles',
    dimensions: { Resource: 'f', FunctionName: 'f' },
    statistic: 'Sum',
    unit: 'Count',
    periodS: 60,
    timestamps: ['2026-11-20T19:15:00.000Z', '2026-11-20T19:16:00.000Z'],
    values: [0, 2],
  };
  writeFileSync(
    join(folder, 'raw', 'cloudwatch.json'),
    JSON.stringify([series, { ...series, values: 'many' }]),
  );
  const { counts, warnings } = await merge();
  expect(counts.damaged).toBe(1);
  expect(warnings.map((w) => w.code)).toEqual(['damaged-raw-data']);
  const rows = await read('metrics', 'order by at_us');
  expect(rows).toMatchObject([
    { dimensions: 'FunctionName=f;Resource=f', value: 0, at_us: 1795202100000000 },
    { value: 2, period_s: 60, at_us: 1795202160000000 },
  ]);
});

test('what a trace and its REPORT line say of an init must agree', async () => {
  const requests = knownRequests(4, seededRandom(14), { environments: 2 });
  writeRawTrial(folder, requests);
  const warm = requests.map((r) => reportEvent({ ...r, cold: false }));
  writeFileSync(join(folder, 'raw', 'logs.jsonl.gz'), jsonLines(warm));
  const { warnings } = await merge();
  expect(warnings.find((w) => w.code === 'init-disagreement')?.message).toMatch(/^2 of 4 requests/);
});

test('a request that was answered with an error reached an environment, where no trace says otherwise', async () => {
  const requests = knownRequests(6, seededRandom(15)).map((known) => ({ ...known, status: 502 }));
  // Of the first nothing is known but the answer.
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${requests.map(csvRows).join('')}`,
    traces: requests.slice(1).map((known) => rawTrace(known, { documents: 'old', clock: 'exact' })),
    events: requests.slice(2).map(reportEvent),
  });
  const { counts } = await merge();
  expect(counts).toMatchObject({ requests: 6, reached: 6, withTrace: 5, withBoth: 4 });
});
