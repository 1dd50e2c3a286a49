import type { CellAnalysis } from '../../model/analysis.ts';
import type { Change, Compared as Document } from '../../model/compared.ts';
import type { Figure } from '../../model/figure.ts';
import { pairedRatioTest, unpairedRatioTest } from '../../stats/tests.ts';
import { LEAST_ROUNDS } from '../figures/figure.ts';
import type { Compared } from './figures.ts';

/** A change before it is adjusted for the others. */
export type Tested = Omit<Change, 'pAdjusted' | 'shown'>;

/** What was tested, or why nothing was. */
export type TestResult = { tested: Tested } | { note: string };

/** new against old by one figure. */
export function testChange(
  compared: Compared,
  old: CellAnalysis,
  now: CellAnalysis,
  test: Document['test'],
): TestResult {
  const wholes = [compared.whole(old), compared.whole(now)] as const;
  const lacking = wholes.find(({ value }) => value === null);
  if (lacking !== undefined) return { note: whyNot(wholes) };
  if (compared.figure === 'cost') {
    const differs = costDiffers(old, now);
    if (differs !== null) return { note: differs };
  }
  const { before, after } = samples(compared.byTrial(old), compared.byTrial(now), test);
  const least = Math.min(before.length, after.length);
  if (least < LEAST_ROUNDS) {
    const units = test === 'paired' ? 'rounds both cells have' : 'trials a side';
    return { note: `a test needs ${LEAST_ROUNDS} ${units}, here are ${least}` };
  }
  const trials = { old: before.length, new: after.length };
  if (compared.kind === 'difference' && [...before, ...after].every((share) => share === 0)) {
    return { note: 'no request failed on either side' };
  }
  if (compared.kind === 'ratio') {
    const { ratio, low, high, p } = run(before, after, test);
    return { tested: { kind: 'ratio', value: ratio, low, high, p, trials } };
  }
  // The tests take logarithms, and shares may be 0: they are told apart by their difference, which is
  // the logarithm of the ratio of e to the one and to the other.
  const leastError = Math.hypot(compared.leastError?.(old) ?? 0, compared.leastError?.(now) ?? 0);
  const { ratio, low, high, p } = run(before.map(Math.exp), after.map(Math.exp), test, leastError);
  const [value, from, to] = [ratio, low, high].map(Math.log) as [number, number, number];
  return { tested: { kind: 'difference', value, low: from, high: to, p, trials } };
}

function run(
  before: readonly number[],
  after: readonly number[],
  test: Document['test'],
  leastError = 0,
) {
  const tested = test === 'paired' ? pairedRatioTest : unpairedRatioTest;
  return tested(before, after, { leastError });
}

/** Paired: the rounds both have, in the same order. */
function samples(
  old: ReadonlyMap<number, number>,
  now: ReadonlyMap<number, number>,
  test: Document['test'],
) {
  if (test === 'between_runs') return { before: [...old.values()], after: [...now.values()] };
  const rounds = [...old.keys()].filter((round) => now.has(round));
  return {
    before: rounds.map((round) => old.get(round) as number),
    after: rounds.map((round) => now.get(round) as number),
  };
}

function whyNot([old, now]: readonly [Figure, Figure]): string {
  const reasons = [
    old.value === null ? `old: ${old.note ?? 'not measured'}` : null,
    now.value === null ? `new: ${now.note ?? 'not measured'}` : null,
  ].filter((reason) => reason !== null);
  return old.value === null && now.value === null && old.note === now.note
    ? (old.note ?? 'not measured')
    : reasons.join('; ');
}

/** Totals that do not hold the same say nothing of each other. */
function costDiffers(old: CellAnalysis, now: CellAnalysis): string | null {
  const without = (a: CellAnalysis, b: CellAnalysis) =>
    a.cost.lacking.filter((sentence) => !b.cost.lacking.includes(sentence));
  const [more] = [...without(old, now), ...without(now, old)];
  return more === undefined ? null : `only one of the totals lacks this: ${more}`;
}
