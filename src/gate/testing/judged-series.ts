import type { Verdict } from '../../model/gate.ts';
import { nominalLevels } from '../../stats/boundaries.ts';
import { studentCumulative } from '../../stats/distributions.ts';
import { lookSchedule } from '../looks.ts';

export interface SimulatedPlan {
  alpha: number;
  minPairs: number;
  maxPairs: number;
  /** Of every row, as a share. */
  tolerance: number;
  /** Rows that Holm counts and that neither fail nor hold a pass up here. */
  guards: number;
}

/** What a gate asks unless told otherwise; the error rate is its guard. */
export const USUAL_PLAN: SimulatedPlan = {
  alpha: 0.05,
  minPairs: 5,
  maxPairs: 30,
  tolerance: 0.05,
  guards: 1,
};

/**
 * The verdict on rows of ln(head ÷ base), and the pairs it took. As the gate judges rows of ratios, but
 * without its p-values, which take a thousand times longer: a p over all looks is at most α where one
 * of the looks crosses its boundary for α, and the least of m p-values is at most α after Holm where it
 * is at most α ÷ m before.
 *
 * @param rows each has `maxPairs` values; of one row the same index is the same round
 */
export function judgeSeries(
  rows: readonly (readonly number[])[],
  { alpha, minPairs, maxPairs, tolerance, guards }: SimulatedPlan,
): { verdict: Verdict; pairs: number } {
  const looks = lookSchedule(minPairs, maxPairs);
  const fractions = looks.map((pairs) => pairs / maxPairs);
  const toFail = nominalLevels(alpha / (rows.length + guards), fractions);
  const toPass = nominalLevels(alpha, fractions);
  const threshold = Math.log(1 + tolerance);
  const passed = rows.map(() => false);
  for (const [look, pairs] of looks.entries()) {
    const below = rows.map((values) => studentBelow(values, pairs, threshold));
    if (below.some((p) => 1 - p <= (toFail[look] as number))) return { verdict: 'fail', pairs };
    for (const [row, p] of below.entries()) passed[row] ||= p <= (toPass[look] as number);
    if (passed.every(Boolean)) return { verdict: 'pass', pairs };
  }
  return { verdict: 'inconclusive', pairs: maxPairs };
}

/** p of "the mean of the first n is at least the threshold". */
function studentBelow(values: readonly number[], n: number, threshold: number): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    const distance = (values[i] as number) - threshold;
    sum += distance;
    squares += distance * distance;
  }
  const variance = (squares - (sum * sum) / n) / (n - 1);
  return studentCumulative(sum / Math.sqrt(n * variance), n - 1);
}
