import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import {
  CSV_HEADER,
  csvRows,
  type KnownRequest,
  rawTrace,
  reportEvent,
  requestIdOf,
} from '../testing/known-request.ts';
import { packedRows } from '../testing/packed-rows.ts';
import { knownRequests, writeRaw } from '../testing/raw-trial.ts';
import { folder, merge, read } from '../testing/trial-bed.ts';

const FAILED = { outcome: 'network_error', status: 0, error: 'dial: refused; "x=y&z"' };

/** Some failed, some were not sampled, all know their request's id. */
function earlierRows(known: KnownRequest): string {
  const more = `&request_id=${requestIdOf(known)}${known.index % 5 === 0 ? '&sampled=0' : ''}`;
  return csvRows(known).replace(/\n$/, `${more}\n`);
}

const requests = knownRequests(40, seededRandom(21)).map((known) =>
  known.index % 7 === 3 ? { ...known, ...FAILED } : known,
);

async function tables(rows: (known: KnownRequest) => string) {
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${requests.map(rows).join('')}`,
    traces: requests.map((known) => rawTrace(known, { documents: 'old', clock: 'exact' })),
    events: requests.map(reportEvent),
  });
  const { counts, warnings } = await merge();
  const told = warnings.map(({ code, message }) => `${code}: ${message}`);
  const sorted = (table: string) => read(table, 'order by started_us');
  return { counts, told, requests: await sorted('requests'), parts: await sorted('breakdown') };
}

test('one sample with all of a request is read as nine of before are', async () => {
  const packed = await tables((known) => packedRows(known, earlierRows(known)));
  expect(packed.requests).toHaveLength(40);
  expect(packed.requests[3]).toMatchObject({ error: FAILED.error, status: 0 });
  expect(packed.counts).toMatchObject({ damaged: 0, lostSamples: 0 });
  expect(packed).toEqual(await tables(earlierRows));
});

test('what is lost, unfinished or malformed is counted alike', async () => {
  /** Nothing of the 4th, no own sample of the 9th, no number in that of the 12th. */
  const damaged = (rows: (known: KnownRequest) => string) => (known: KnownRequest) => {
    if (known.index === 4) return '';
    if (known.index === 9) return rows(known).replace(/graphql_request.*\n/, '');
    if (known.index !== 12) return rows(known);
    return rows(known).replace(/(graphql_request,\d+),[\d.]+/, '$1,none');
  };
  const packed = await tables(damaged((known) => packedRows(known, earlierRows(known))));
  expect(packed.counts).toMatchObject({ requests: 37, lostSamples: 1, damaged: 1 });
  expect(packed.told.join()).toContain('left out: 2');
  expect(packed).toEqual(await tables(damaged(earlierRows)));
});

test('without its HTTP samples a request still has its parts', async () => {
  const lost = (known: KnownRequest) =>
    packedRows(known).replaceAll(known.index === 2 ? /http_req.*\n/g : /^$/g, '');
  const { requests: rows } = await tables(lost);
  const { requests: whole } = await tables((known) => packedRows(known));
  // Its end is that of the script's own sample, 40 µs later.
  const startedUs = Number(whole[2]?.started_us) + 40;
  expect(rows).toEqual(whole.map((row, i) => (i === 2 ? { ...row, started_us: startedUs } : row)));
});
