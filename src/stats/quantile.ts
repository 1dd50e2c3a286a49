import { binomialCumulative } from './distributions.ts';

/**
 * Quantiles are the inverse of the empirical distribution (type 1 of Hyndman and Fan): the smallest
 * value that at least a share q of the observations do not exceed, x₍⌈nq⌉₎. It is an observation, as
 * the order-statistics interval and the waterfalls need, and it never interpolates into a gap.
 */
export function quantileRank(n: number, q: number): number {
  // The tolerance keeps 0.07 × 100 = 7.000000000000001 at rank 7.
  return Math.min(n, Math.max(1, Math.ceil(n * q - 1e-9)));
}

/** The quantile of values that are sorted ascending; null of none. */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[quantileRank(sorted.length, q) - 1] as number;
}

export function median(values: readonly number[]): number | null {
  return quantileSorted(Float64Array.from(values).sort(), 0.5);
}

/** Ranks (from 1) of the order statistics that bound a quantile. */
export interface RankInterval {
  low: number;
  high: number;
}

/**
 * Exact interval of a quantile by order statistics (Le Boudec, Performance Evaluation of Computer
 * and Communication Systems, 2010, theorem 2.1): [x₍l₎, x₍u₎] with P(l ≤ Bin(n, q) < u) ≥ level, at
 * most half of what remains in each tail; null where n is too small (see leastObservations). True for
 * independent observations only.
 */
export function quantileInterval(n: number, q: number, level = 0.95): RankInterval | null {
  if (n < leastObservations(q, level)) return null;
  const tail = (1 - level) / 2;
  return {
    low: smallest(n, (l) => binomialCumulative(l - 1, n, q) > tail) - 1,
    high: smallest(n, (u) => 1 - binomialCumulative(u - 1, n, q) <= tail),
  };
}

/** How often [x₍low₎, x₍high₎] of n independent observations holds the quantile. */
export function intervalCoverage(n: number, q: number, { low, high }: RankInterval): number {
  return binomialCumulative(high - 1, n, q) - binomialCumulative(low - 1, n, q);
}

/** The least n for a finite interval: qⁿ and (1 − q)ⁿ ≤ half of 1 − level. p99: 368, p99.9: 3,688. */
export function leastObservations(q: number, level = 0.95): number {
  return Math.ceil(Math.log((1 - level) / 2) / Math.log(Math.max(q, 1 - q)));
}

/** The smallest x in [1, to] where `holds` is true, given that it turns true once; to + 1 if never. */
function smallest(to: number, holds: (x: number) => boolean): number {
  let low = 1;
  let high = to + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
