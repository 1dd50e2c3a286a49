import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TraceIndex } from './trace-index.ts';

test('every trace has its records in order, whatever was mixed in', () => {
  const id = fc
    .nat(5000)
    .map((n) => `1-65000000-${(n * 2654435761).toString(16).padStart(24, '0').slice(-24)}`);
  fc.assert(
    fc.property(fc.array(id, { maxLength: 2000 }), (ids) => {
      const index = new TraceIndex();
      const expected = new Map<string, number[]>();
      ids.forEach((each, record) => {
        index.add(each, record);
        expected.set(each, [...(expected.get(each) ?? []), record]);
      });
      for (const [each, records] of expected) expect(index.records(each)).toEqual(records);
      expect(index.records('1-65000000-ffffffffffffffffffffffff')).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test.each([16, 64])('so it is when tables of %s slots have gone to disk', (slots) => {
  const idOf = (n: number) =>
    `1-${(0x65000000 + Math.floor(n / 9)).toString(16)}-${(n * 2654435761).toString(16).padStart(24, '0')}`;
  const index = new TraceIndex(slots);
  const expected = new Map<string, number[]>();
  for (let record = 0; record < 3000; record += 1) {
    // Every fifth record is a late one of an earlier trace.
    const n = record % 5 === 0 ? Math.floor(record / 7) : record;
    const known = expected.get(idOf(n));
    expect(index.add(idOf(n), record)).toBe(known === undefined);
    if (known === undefined) expected.set(idOf(n), [record]);
    else known.push(record);
  }
  for (const [id, records] of expected) expect(index.records(id)).toEqual(records);
  expect(index.records(idOf(5000))).toEqual([]);
});

test('ids that count up are spread as well as random ones', () => {
  const index = new TraceIndex();
  const idOf = (n: number) => `1-65000000-0000000000000000${n.toString(16).padStart(8, '0')}`;
  for (let n = 0; n < 100_000; n += 1) index.add(idOf(n), n);
  for (let n = 0; n < 100_000; n += 997) expect(index.records(idOf(n))).toEqual([n]);
});
