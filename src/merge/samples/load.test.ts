import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { Database, literal } from '../../store/tables/database.ts';
import { mergeTrial } from '../merge-trial.ts';
import { CSV_HEADER, csvRows, traceIdOf } from '../testing/known-request.ts';
import { knownRequests } from '../testing/raw-trial.ts';
import { CELL } from '../testing/trial-bed.ts';
import { readLoad } from './load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-load-test-'));
  mkdirSync(join(folder, 'raw'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every third request was sent to be traced. */
const sampled = (index: number) => index % 3 === 0;

test('traces are asked for of the requests that were to be traced, REPORT lines of all', async () => {
  const requests = knownRequests(30, seededRandom(7));
  const rows = requests.map((known) =>
    sampled(known.index) ? csvRows(known) : csvRows(known).replace(/\n$/, '&sampled=0\n'),
  );
  writeFileSync(join(folder, 'raw', RAW_FILES.k6Samples), `${CSV_HEADER}\n${rows.join('')}`);
  const load = await readLoad(join(folder, 'raw'));
  const traced = requests.filter(({ index }) => sampled(index)).map(traceIdOf);
  expect(load).toEqual({ traceIds: traced, expectedReports: 30 });

  await mergeTrial({ trialFolder: folder, cell: CELL });
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  try {
    const kept = await database.rows<{ trace_id: string }>(
      `select trace_id from read_parquet(${literal(join(folder, 'requests.parquet'))})
       where sampled order by started_us`,
    );
    expect(kept.map(({ trace_id }) => trace_id)).toEqual(traced);
  } finally {
    database.close();
  }
});
