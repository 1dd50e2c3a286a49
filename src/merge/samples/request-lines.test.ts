import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { CSV_HEADER, type KnownRequest, traceIdOf } from '../testing/known-request.ts';
import { packedRows } from '../testing/packed-rows.ts';
import { knownRequests, writeRaw } from '../testing/raw-trial.ts';
import { folder, merge, read } from '../testing/trial-bed.ts';

const requests = knownRequests(30, seededRandom(31));

async function merged(rowsOf: (known: KnownRequest) => string, of = requests) {
  writeRaw(folder, { csv: `${CSV_HEADER}\n${of.map(rowsOf).join('')}` });
  const { counts, warnings } = await merge();
  const rows = await read<{ trace_id: string; started_us: number; status: number }>(
    'requests',
    'order by join_key',
  );
  return { rows, counts, told: warnings.map(({ message }) => message).join('\n') };
}

/** The rows of all requests, those of one of them changed. */
const changed = (index: number, change: (rows: string) => string) => (known: KnownRequest) =>
  known.index === index ? change(packedRows(known)) : packedRows(known);

test('a file is read in blocks; an end in a later one than its request leaves nothing unfinished', async () => {
  const many = knownRequests(2000, seededRandom(32), { ratePerS: 500 });
  const ended = /http_req_duration.*\n/;
  const late = ended.exec(packedRows(many[4] as KnownRequest))?.[0] ?? '';
  const { rows, counts, told } = await merged((known) => {
    if (known.index === 4) return packedRows(known).replace(ended, '');
    return packedRows(known) + (known.index === 1999 ? late : '');
  }, many);
  // As where it is lost: the script's own sample is 40 µs later.
  const startedUs = (known: KnownRequest) => known.startedUs + (known.index === 4 ? 40 : 0);
  expect(rows.map(({ trace_id, started_us }) => [trace_id, started_us])).toEqual(
    many.map((known) => [traceIdOf(known), startedUs(known)]),
  );
  expect(counts).toMatchObject({ damaged: 0, lostSamples: 0 });
  expect(told).not.toContain('under way');
});

test.each([
  ['within its head', /(graphql_request,.*operation=T).*\n/],
  ['within its fields', /(graphql_request,.*;318).*\n|(graphql_request,.*?;\d+;\d+).*\n/],
  ['within its last field', /(graphql_request.*)\n/],
])('a line torn %s, so that another goes on in it, is damage', async (_, torn) => {
  const { rows, counts, told } = await merged(
    changed(7, (text) => text.replace(torn, (__, a?: string, b?: string) => a ?? b ?? '')),
  );
  expect(rows).toHaveLength(29);
  expect(counts).toMatchObject({ requests: 29, damaged: 1, lostSamples: 0 });
  expect(told).toContain('left out: 1');
});

test('two samples of requests in one line are damage, and both requests are missed', async () => {
  const { counts, told } = await merged((known) => {
    const text = packedRows(known);
    if (known.index === 7) return text.replace(/(graphql_request,.*operation=T)[\s\S]*/, '$1');
    return known.index === 8 ? text.replaceAll(/http_req.*\n/g, '') : text;
  });
  expect(counts).toMatchObject({ requests: 28, damaged: 1, lostSamples: 1 });
  expect(told).toContain('left out: 1');
});

test('a page of a file that was never written is damage where a request was', async () => {
  const hole = '\0'.repeat(40);
  const { counts } = await merged(
    changed(3, (text) => text.replace(/(graphql_request.*).{40}\n/, `$1${hole}\n`)),
  );
  expect(counts).toMatchObject({ requests: 29, damaged: 1 });
});

test('a number that is none is not known; the request is', async () => {
  const { rows, counts } = await merged(changed(5, (text) => text.replace(/;200;512;/, ';x;5.5;')));
  expect(rows[5]).toMatchObject({ status: 0, response_bytes: null, trace_id: expect.any(String) });
  expect(counts).toMatchObject({ requests: 30, damaged: 0 });
});
