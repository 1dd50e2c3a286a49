import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { RAW_FILES } from '../model/raw.ts';
import { readLoad } from './merge-trial.ts';
import { type KnownRequest, totalUsOf } from './testing/known-request.ts';
import { writeLargeTrial } from './testing/large-trial.ts';
import { jsonLines, knownRequests } from './testing/raw-trial.ts';
import { folder, merge, read } from './testing/trial-bed.ts';

const raw = (file: string) => join(folder, 'raw', file);
const ROWS = [RAW_FILES.spanRows, RAW_FILES.traceRows, RAW_FILES.reportRows];

async function tables() {
  const { counts, warnings } = await merge();
  return {
    counts,
    codes: warnings.map(({ code }) => code),
    requests: await read('requests', 'order by started_us'),
    spans: await read('spans', 'order by trace_id, span_id'),
    invocations: await read('invocations', 'order by reported_us, request_id'),
    breakdown: await read('breakdown', 'order by started_us'),
  };
}

test('the rows the collectors wrote merge into what the raw documents do', async () => {
  await writeLargeTrial(folder, 300, seededRandom(1));
  const ofRows = await tables();
  expect(ofRows.counts).toMatchObject({ requests: 300, withBoth: 300, damaged: 0, spans: 2205 });
  for (const file of ROWS) rmSync(raw(file));
  expect(await tables()).toEqual(ofRows);
});

test('raw documents that more was added to are read anew', async () => {
  await writeLargeTrial(folder, 20, seededRandom(2));
  const lines = gunzipSync(readFileSync(raw(RAW_FILES.traces)))
    .toString()
    .trim()
    .split('\n');
  const fewer = lines.slice(0, 12).map((line) => JSON.parse(line) as unknown);
  writeFileSync(raw(RAW_FILES.traces), jsonLines(fewer));
  const later = new Date(Date.now() + 5000);
  utimesSync(raw(RAW_FILES.traces), later, later);
  expect((await merge()).counts.withTrace).toBe(12);
});

test('samples that were read before collecting are not read again', async () => {
  await writeLargeTrial(folder, 30, seededRandom(3));
  const kept = raw(RAW_FILES.requestRows);
  const load = await readLoad(join(folder, 'raw'));
  expect(load).toMatchObject({ expectedReports: 30 });
  expect(existsSync(kept)).toBe(true);
  const ofKept = await tables();
  expect(existsSync(kept)).toBe(false);
  expect(await tables()).toEqual(ofKept);

  // Unless they have changed since.
  await readLoad(join(folder, 'raw'));
  appendFileSync(raw(RAW_FILES.k6Samples), 'graphql_request,12\n');
  expect((await merge()).counts).toMatchObject({ requests: 30, damaged: 1 });
});

test('the first byte comes when all but receiving is over; tables of before say nothing', async () => {
  const random = seededRandom(4);
  const requests = knownRequests(30, seededRandom(4), { ratePerS: 500 });
  await writeLargeTrial(folder, 30, random);
  const rows = (await tables()).requests;
  for (const [i, row] of rows.entries()) {
    const known = requests[i] as KnownRequest;
    const { total_us: total, receiving_us: receiving } = row as Record<string, number>;
    expect(total).toBe(totalUsOf(known));
    expect(row.first_byte_us).toBe((total as number) - (receiving as number));
    expect(row.first_byte_us).toBe(
      Number(row.blocked_us) + Number(row.sending_us) + Number(row.waiting_us),
    );
  }
  // Merged again without the samples, of the table.
  rmSync(raw(RAW_FILES.k6Samples));
  expect((await tables()).requests).toEqual(rows);
});
