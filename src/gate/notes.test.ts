import { expect, test } from 'vitest';
import { judgeGate } from './judge.ts';
import { type GateCase, gateAnalysis } from './testing/gate-analysis.ts';

const notesOf = (asked: GateCase) => judgeGate(gateAnalysis(asked))?.notes;

test('a doubtful check is told once a cell, with the trials that have it', () => {
  const doubts: GateCase['doubts'] = (round, side) => {
    if (round === 1) return [];
    const drift = `Drift within the trial: p50 rises by ${10 + round}%`;
    return side === 'head' && round === 4 ? [drift, 'Failures: 2%'] : [drift];
  };
  expect(notesOf({ rounds: 5, doubts })).toEqual([
    'dynamo · 1024 MB: Drift within the trial: p50 rises by 12% (base, round 2, and 7 more trials).',
    'dynamo · 1024 MB: Failures: 2% (head, round 4).',
  ]);
});

test('a cell whose sides have the same code is named; void rounds have a list of their own', () => {
  const spoiled: GateCase['spoiled'] = (round, side) =>
    round === 2 || (round === 4 && side === 'head') ? 'Lost samples: 3%' : null;
  const bundles = { base: { sha256: 'a' }, head: { sha256: 'a' } };
  expect(notesOf({ rounds: 9, spoiled, bundles })).toEqual([
    'dynamo · 1024 MB: the code of both sides is the same byte for byte.',
  ]);
});

test('a cell that was measured and is not judged is named, and one that is judged and not there', () => {
  const plan = { cellIds: ['other'] };
  const result = judgeGate(gateAnalysis({ rounds: 5, plan }));
  expect(result?.notes).toEqual([
    'other gates and is no cell of this run.',
    'Measured, and not judged: dynamo-1024-rest-api-apollo-x1-ramp.',
  ]);
  expect(result?.verdict).toBe('inconclusive');
});
