import { mean, sampleVariance } from 'simple-statistics';
import { studentQuantile, studentTwoSided } from './distributions.ts';

/** t tests of a ratio: on the logarithms, since what disturbs a duration multiplies it. */
export interface RatioTest {
  /** Geometric mean of b ÷ that of a, with its interval. */
  ratio: number;
  low: number;
  high: number;
  /** Two-sided p of "the ratio is 1"; 1 where all values are equal. */
  p: number;
  /** Pairs, or observations of both sides together. */
  n: number;
}

export interface RatioTestOptions {
  /** @default 0.95 */
  level?: number;
  /** The standard error of ln ratio is taken to be at least this. @default 0 */
  leastError?: number;
}

/**
 * b ÷ a of pairs: the t test of the mean of ln b − ln a. Needs two pairs or more, of positive values.
 */
export function pairedRatioTest(
  a: readonly number[],
  b: readonly number[],
  options: RatioTestOptions = {},
): RatioTest {
  if (a.length !== b.length) throw new RangeError('pairs need as many of one side as of the other');
  needTwo(a.length);
  const differences = b.map((value, i) => Math.log(value) - Math.log(a[i] as number));
  const error = Math.sqrt(sampleVariance(differences) / differences.length);
  return tested(mean(differences), error, differences.length - 1, differences.length, options);
}

/**
 * b ÷ a of two independent samples by Welch's test, with the degrees of freedom of Welch and
 * Satterthwaite (Welch, Biometrika 1947). Needs two positive values or more on each side.
 */
export function unpairedRatioTest(
  a: readonly number[],
  b: readonly number[],
  options: RatioTestOptions = {},
): RatioTest {
  needTwo(Math.min(a.length, b.length));
  const [logA, logB] = [a.map(Math.log), b.map(Math.log)];
  const [errorA, errorB] = [sampleVariance(logA) / a.length, sampleVariance(logB) / b.length];
  const squared = errorA + errorB;
  const df = squared ** 2 / (errorA ** 2 / (a.length - 1) + errorB ** 2 / (b.length - 1));
  const n = a.length + b.length;
  // Without any spread the formula is 0 ÷ 0; the error is 0 whatever the degrees of freedom are.
  const difference = mean(logB) - mean(logA);
  return tested(difference, Math.sqrt(squared), squared === 0 ? n - 2 : df, n, options);
}

function tested(
  difference: number,
  seen: number,
  df: number,
  n: number,
  { level = 0.95, leastError = 0 }: RatioTestOptions,
) {
  const error = Math.max(seen, leastError);
  const half = studentQuantile(1 - (1 - level) / 2, df) * error;
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - half),
    high: Math.exp(difference + half),
    p: error === 0 ? Number(difference === 0) : studentTwoSided(difference / error, df),
    n,
  };
}

function needTwo(least: number): void {
  if (least < 2) throw new RangeError('a t test needs two observations or more');
}
