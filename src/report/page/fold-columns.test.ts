import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unfoldColumns } from '../../../reports/page/unfold-columns.ts';
import { sampleAnalysis } from '../testing/sample-analysis.ts';
import { foldColumns } from './fold-columns.ts';

const back = (value: unknown) =>
  JSON.stringify(unfoldColumns(JSON.parse(JSON.stringify(foldColumns(value)))));

const table = fc
  .array(fc.oneof(fc.string(), fc.constantFrom('$keys', '$columns', '$', '__proto__')), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((keys) =>
    fc
      .array(fc.tuple(...keys.map(() => fc.jsonValue({ maxDepth: 2 }))), { maxLength: 9 })
      .map((rows) => [
        rows,
        rows.map((row) => Object.fromEntries(keys.map((key, i) => [key, row[i]]))),
      ]),
  );

test('what was folded unfolds to the same text, whatever it was', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), table), (value) => {
      expect(back(value)).toBe(JSON.stringify(value));
    }),
    { seed: 7, numRuns: 300 },
  );
  const gaps = [1, 2, 3, 4].map((x) => ({ x, left: undefined }));
  expect(back(gaps)).toBe(JSON.stringify(gaps));
});

test('an analysis unfolds to itself and is much shorter', () => {
  const analysis = sampleAnalysis();
  const text = JSON.stringify(analysis);
  expect(back(analysis)).toBe(text);
  expect(JSON.stringify(foldColumns(analysis)).length).toBeLessThan(0.7 * text.length);
});
