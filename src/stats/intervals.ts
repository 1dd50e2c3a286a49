import { mean, sampleStandardDeviation } from 'simple-statistics';
import { NORMAL_975, studentQuantile } from './distributions.ts';

export interface Interval {
  value: number;
  low: number;
  high: number;
}

/**
 * The geometric mean of one figure per trial, with the t interval on the logs (trials are the
 * independent units). Needs two positive values or more.
 */
export function geometricMeanInterval(values: readonly number[], level = 0.95): Interval {
  return exponentiated(meanInterval(values.map(Math.log), level));
}

/** The mean of one figure per trial with its t interval. Needs two values or more. */
export function meanInterval(values: readonly number[], level = 0.95): Interval {
  const centre = mean([...values]);
  const error = sampleStandardDeviation([...values]) / Math.sqrt(values.length);
  const half = studentQuantile(1 - (1 - level) / 2, values.length - 1) * error;
  return { value: centre, low: centre - half, high: centre + half };
}

function exponentiated({ value, low, high }: Interval): Interval {
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/**
 * Wilson's 95% interval of a proportion (Wilson, JASA 1927). Null of no trials.
 */
export function wilsonInterval(successes: number, n: number): Interval | null {
  if (n === 0) return null;
  const z2 = NORMAL_975 * NORMAL_975;
  const share = successes / n;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half =
    (NORMAL_975 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return {
    value: share,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
  };
}
