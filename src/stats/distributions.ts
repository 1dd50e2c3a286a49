import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** The distributions we use, from @stdlib; the one file that knows it. */

/** P(X ≤ x) for X ~ Bin(n, p). */
export function binomialCumulative(x: number, n: number, p: number): number {
  return binomialCdf(x, n, p);
}

/** The p-quantile of Student's t with `df` degrees of freedom. */
export function studentQuantile(p: number, df: number): number {
  return tQuantile(p, df);
}

/** The 97.5% quantile of the standard normal distribution. */
export const NORMAL_975 = 1.959963984540054;
