import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tracesAnswer } from './traces-answer.ts';

test('the answer is what JSON.stringify makes of it, whatever the documents hold', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"\\', '\ud800', '\u2028é😀'),
  );
  const segment = fc.record({
    id: text,
    document: fc.oneof(fc.jsonValue(), fc.record({ text })).map((value) => JSON.stringify(value)),
  });
  const trace = fc.record({
    id: text,
    durationS: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    segments: fc.array(segment, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(trace, { maxLength: 5 }), fc.array(text), (traces, unprocessed) => {
      const expected = {
        Traces: traces.map(({ id, durationS, segments }) => ({
          Id: id,
          Duration: durationS,
          LimitExceeded: false,
          Segments: segments.map(({ id, document }) => ({ Id: id, Document: document })),
        })),
        UnprocessedTraceIds: unprocessed,
      };
      expect(tracesAnswer(traces, unprocessed).toString()).toBe(JSON.stringify(expected));
    }),
    { seed: 8, numRuns: 100 },
  );
});

test('an answer of many megabytes is whole, and so is a small one after it', () => {
  const document = JSON.stringify({ text: '"é\\'.repeat(1_000_000) });
  const answered = (count: number) => {
    const segments = Array.from({ length: count }, () => ({ id: 's', document }));
    return JSON.parse(tracesAnswer([{ id: 't', durationS: 1, segments }], ['u']).toString());
  };
  for (const count of [3, 1]) {
    const { Traces, UnprocessedTraceIds } = answered(count);
    expect(Traces[0].Segments).toHaveLength(count);
    expect(Traces[0].Segments[count - 1].Document === document).toBe(true);
    expect(UnprocessedTraceIds).toEqual(['u']);
  }
});
