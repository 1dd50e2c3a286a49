import regularizedBeta from '@stdlib/math-base-special-betainc';
import complementaryError from '@stdlib/math-base-special-erfc';
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

/** P(|T| ≥ |t|) for Student's T: I_x(df ÷ 2, 1 ÷ 2) at x = df ÷ (df + t²) (Abramowitz and Stegun 26.7.1). */
export function studentTwoSided(t: number, df: number): number {
  return regularizedBeta(df / (df + t * t), df / 2, 0.5);
}

/** P(T ≤ t) for Student's T with `df` degrees of freedom. */
export function studentCumulative(t: number, df: number): number {
  const beyond = studentTwoSided(t, df) / 2;
  return t > 0 ? 1 - beyond : beyond;
}

/** P(Z > z) of the standard normal distribution: erfc(z ÷ √2) ÷ 2. */
export function normalAbove(z: number): number {
  return complementaryError(z * Math.SQRT1_2) / 2;
}

/** The 97.5% quantile of the standard normal distribution. */
export const NORMAL_975 = 1.959963984540054;
