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

test('failures that no budget limits are told where there is no base', () => {
  const budgets = [
    { cellId: 'dynamo-1024-rest-api-apollo-x1-ramp', metric: 'p50' as const, limit: 50 },
  ];
  const change: GateCase['change'] = (trial) => Object.assign(trial, { failures: 20 });
  const asked: GateCase = { rounds: 5, change, plan: { mode: 'budgets', base: null, budgets } };
  expect(notesOf(asked)).toEqual([
    'dynamo · 1024 MB: 100 of 2,500 requests failed, and no budget limits errorRate.',
  ]);
  const limited = [
    ...budgets,
    { ...budgets[0], metric: 'errorRate' as const, limit: 0.1 },
  ] as const;
  expect(notesOf({ ...asked, plan: { ...asked.plan, budgets: [...limited] as never } })).toEqual(
    [],
  );
});
