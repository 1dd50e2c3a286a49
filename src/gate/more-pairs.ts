import { mean, sampleStandardDeviation } from 'simple-statistics';
import { moreObservations } from '../stats/sequential.ts';
import type { Draft, Tested } from './rows/draft.ts';

const MOST = 1000;

/**
 * About how many more pairs would decide; null of a guard, which is not waited for, and where no number
 * up to 1,000 would. A FAIL is held against α ÷ tests, Holm's level of the least p-value.
 */
export function morePairs(
  { guard }: Draft['about'],
  { series, threshold, leastError, unpaired }: Tested,
  alpha: number,
  tests: number,
): number | null {
  if (guard || unpaired || series.length < 2) return null;
  const failing = mean([...series]) > threshold;
  return moreObservations({
    values: withSpread(series, leastError * Math.sqrt(series.length)),
    threshold,
    alpha: failing ? alpha / tests : alpha,
    most: MOST,
  });
}

/** The same mean, and a standard deviation of at least `least`. */
function withSpread(series: readonly number[], least: number): number[] {
  const centre = mean([...series]);
  const seen = sampleStandardDeviation([...series]);
  if (seen >= least) return [...series];
  const n = series.length;
  // Values without any spread get one: halves on either side, an odd one in the middle.
  const shape =
    seen > 0
      ? series.map((value) => value - centre)
      : series.map((_, i) => (n % 2 === 1 && i === n - 1 ? 0 : i % 2 === 0 ? 1 : -1));
  const size = least / sampleStandardDeviation(shape);
  return shape.map((distance) => centre + distance * size);
}
