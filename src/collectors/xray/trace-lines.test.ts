import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawTrace } from '../../model/raw.ts';
import { isPlainTrace, traceLines } from './trace-lines.ts';

const id = (i: number) => `1-6745f1a0-${i.toString(16).padStart(24, '0')}`;
/** With what could be taken for the beginning or the end of a trace. */
const hostile = fc.constantFrom(
  '{"Id":"',
  `{"Id":"${id(1)}","Duration":1`,
  '}],"UnprocessedTraceIds":[',
  '}]}],"UnprocessedTraceIds":[]}',
  '\\',
  '"',
  '\n',
  'é\u2028',
);
const document = fc
  .record({
    id: fc.string(),
    text: fc.array(fc.oneof(hostile, fc.string({ unit: 'binary' })), { maxLength: 4 }),
  })
  .map((value) => JSON.stringify({ ...value, text: value.text.join('') }));
const segments = fc.array(fc.record({ Id: fc.string({ maxLength: 20 }), Document: document }), {
  maxLength: 3,
});
const traces = fc
  .array(
    fc.record({ Duration: fc.double({ noNaN: true }), LimitExceeded: fc.boolean(), segments }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((all) =>
    all.map(({ segments, ...rest }, i): RawTrace => ({ Id: id(i), ...rest, Segments: segments })),
  );

const bytesOf = (answer: unknown) => Buffer.from(JSON.stringify(answer));
const linesOf = (answer: { Traces: RawTrace[] }) =>
  traceLines(bytesOf(answer), answer.Traces)?.map((line) => line.toString());

test('the lines are what would be written of the traces', () => {
  fc.assert(
    fc.property(traces, fc.subarray([id(7), id(8)]), (Traces, UnprocessedTraceIds) => {
      expect(Traces.every(isPlainTrace)).toBe(true);
      const expected = Traces.map((trace) => `${JSON.stringify(trace)}\n`);
      expect(linesOf({ Traces, UnprocessedTraceIds } as never)).toEqual(expected);
    }),
    { seed: 8, numRuns: 300 },
  );
});

test('an answer in another form is left alone', () => {
  const trace = { Id: id(1), Duration: 1, LimitExceeded: false, Segments: [] };
  const UnprocessedTraceIds: string[] = [];
  const other = { Duration: 1, Id: id(2), LimitExceeded: false, Segments: [] };
  const answers = [
    { UnprocessedTraceIds, Traces: [trace] },
    { Traces: [trace], UnprocessedTraceIds, NextToken: null, more: [trace] },
    { Traces: [other, trace], UnprocessedTraceIds },
    { Traces: [trace, other], UnprocessedTraceIds },
    { Traces: [trace] },
  ];
  const [, more] = answers;
  for (const answer of answers) {
    if (answer !== more) expect(linesOf(answer)).toBeUndefined();
  }
  expect(linesOf(more as never)).toEqual([`${JSON.stringify(trace)}\n`]);
  const spaced = Buffer.from(JSON.stringify({ Traces: [trace], UnprocessedTraceIds }, null, 1));
  expect(traceLines(spaced, [trace])).toBeNull();
});

test('a trace that is not plain is known', () => {
  const trace = { Id: id(1), Duration: 1, LimitExceeded: false, Segments: [] };
  const within = { Id: id(2), Document: '{}' };
  const none: unknown[] = [
    null,
    { ...trace, Duration: null },
    { ...trace, Id: '1-x' },
    { ...trace, more: [trace] },
    { ...trace, Segments: [within] },
    { ...trace, Segments: [{ Id: 'a', Document: {} }] },
    { ...trace, Segments: [{ Id: 'a', Document: '', more: 1 }] },
  ];
  expect(none.filter(isPlainTrace)).toEqual([]);
});
