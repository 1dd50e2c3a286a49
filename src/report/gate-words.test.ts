import { expect, test } from 'vitest';
import { endedSentence, morePairsSentence, verdictSentence } from './gate-words.ts';
import {
  budgetsGate,
  failingRequestsGate,
  manyCellsGate,
  passedGate,
  sameCodeGate,
  sampleGate,
  slowerGate,
  undecidedGate,
} from './testing/sample-gate.ts';

test('a FAIL says which row failed and why; others are counted', () => {
  expect(verdictSentence(slowerGate())).toMatch(/^p50 fails: at least 12\.1% slower.*tolerated\.$/);
  const many = manyCellsGate(30);
  const failed = many.rows.filter(({ verdict }) => verdict === 'fail').length;
  expect(verdictSentence(many)).toMatch(
    new RegExp(`^p50 at dynamo · 320 MB · x3 fails: .*\\. ${failed - 1} more of 90 rows fail\\.$`),
  );
});

test('a guard that fails is what a FAIL is about, though the latency passes', () => {
  expect(verdictSentence(failingRequestsGate())).toMatch(/^Error rate fails: /);
});

test('a PASS names what passed, and no guard among it', () => {
  expect(verdictSentence(passedGate())).toBe('p50 and init are within their tolerances.');
  const [only] = passedGate().rows;
  const one = { ...passedGate(), rows: only === undefined ? [] : [only] };
  expect(verdictSentence(one)).toMatch(/^p50 is within its tolerance: at most 1\.9% slower/);
  const { rows } = budgetsGate();
  const passed = rows.map((row) => ({ ...row, verdict: 'pass' as const }));
  expect(verdictSentence({ ...budgetsGate(), verdict: 'pass', rows: passed })).toBe(
    'p99 budget and cost budget are within their limits.',
  );
});

test('an INCONCLUSIVE names the open row, not a guard that is open too', () => {
  const gate = undecidedGate();
  const rows = gate.rows.map((row) =>
    row.guard ? { ...row, verdict: 'inconclusive' as const } : row,
  );
  expect(verdictSentence({ ...gate, rows: [...rows].reverse() })).toMatch(
    /^p99 is undecided: between/,
  );
  expect(verdictSentence({ ...gate, rows })).not.toContain('more of');
});

test('how many more pairs: once for all open rows, and nothing below a verdict', () => {
  const gate = undecidedGate();
  expect(morePairsSentence(gate)).toBeNull();
  const open = gate.rows.map((row) => ({ ...row, verdict: 'inconclusive' as const }));
  expect(morePairsSentence({ ...gate, rows: open })).toBe(
    'About 24 more pairs would decide; of 1 undecided row no number would, if mean and spread stay.',
  );
  expect(morePairsSentence({ ...gate, verdict: 'fail', rows: open })).toBeNull();
});

test('why it ended, and that nothing was run', () => {
  expect(endedSentence(slowerGate())).toBe(
    '8 of at most 30 pairs were run; it ended because the verdict was known.',
  );
  expect(endedSentence(budgetsGate())).toContain('7 of at most 30 rounds were run');
  expect(verdictSentence(sameCodeGate())).toContain('the same, byte for byte');
  expect(verdictSentence(sampleGate({ rows: [] }))).toBe('Nothing that guards the gate failed.');
});
