import { mean, sampleVariance } from 'simple-statistics';
import { studentCumulative, studentQuantile } from '../../stats/distributions.ts';

/**
 * Standard deviation of ln of what shifts a whole run. Two runs of the same code differ by it however
 * many trials they have: tests that leave it out find 34% to 53% false changes (simulated, with 3%; see
 * docs/methodology.md).
 */
export const RUN_SHIFT = 0.03;

export interface BaselineTestJob {
  /** difference: of shares, which are given no shift of their own. */
  kind: 'ratio' | 'difference';
  /** One value a trial, two at least: logarithms of a ratio, shares of a difference. */
  base: readonly number[];
  head: readonly number[];
  /** On the same scale: ln(1 + tolerance), or a share. */
  threshold: number;
  alpha: number;
  /** The standard error of head − base within their runs is at least this. @default 0 */
  leastError?: number;
}

export interface BaselineTest {
  /** mean(head) − mean(base), on the scale of the values. */
  value: number;
  /** Bounds of it, each at level 1 − α. */
  low: number;
  high: number;
  /** One-sided p of "head − base is at most the threshold". */
  pFail: number;
  /** One-sided p of "head − base is at least the threshold". */
  pPass: number;
}

/** Beyond them Student's distribution is the normal one to four digits. */
const MOST_DF = 10_000;

/**
 * Head against the trials of an earlier run: Welch's t test (Biometrika 1947) with the shifts of both
 * runs, √2 · RUN_SHIFT, added to the standard error in quadrature. The degrees of freedom are
 * Satterthwaite's (Biometrics Bulletin 1946) with the shifts as a variance that is known.
 */
export function testAgainstBaseline(job: BaselineTestJob): BaselineTest {
  const { kind, base, head, threshold, alpha, leastError = 0 } = job;
  if (Math.min(base.length, head.length) < 2) {
    throw new RangeError('a t test needs two observations or more of each side');
  }
  const value = mean([...head]) - mean([...base]);
  const ofBase = varianceOfMean(base);
  const ofHead = varianceOfMean(head);
  const shifts = kind === 'ratio' ? 2 * RUN_SHIFT ** 2 : 0;
  const squared = Math.max(ofBase + ofHead, leastError ** 2) + shifts;
  const spread = ofBase ** 2 / (base.length - 1) + ofHead ** 2 / (head.length - 1);
  const df = spread === 0 ? MOST_DF : Math.min(MOST_DF, squared ** 2 / spread);
  const error = Math.sqrt(squared);
  const half = studentQuantile(1 - alpha, df) * error;
  const distance = value - threshold;
  const pPass = error === 0 ? Number(distance >= 0) : studentCumulative(distance / error, df);
  const pFail = error === 0 ? Number(distance <= 0) : studentCumulative(-distance / error, df);
  return { value, low: value - half, high: value + half, pFail, pPass };
}

function varianceOfMean(values: readonly number[]): number {
  const variance = sampleVariance([...values]);
  // Equal values have a variance of rounding.
  return Math.sqrt(variance) <= 1e-12 * Math.abs(mean([...values])) ? 0 : variance / values.length;
}
