import { mean } from 'simple-statistics';
import { studentQuantile } from './distributions.ts';
import type { Interval } from './intervals.ts';

/**
 * Interval of a figure that rests on several units together (a ratio of sums): the delete-one
 * jackknife's standard error √((R − 1) ÷ R · Σ(θ₍₋ᵣ₎ − θ̄)²) times a quantile of Student's t with R − 1
 * degrees of freedom (Tukey 1958; Efron and Stein, Annals of Statistics 1981). `withoutOne` holds the
 * figure computed without each of the R ≥ 2 units.
 */
export function jackknifeInterval(
  value: number,
  withoutOne: readonly number[],
  level = 0.95,
): Interval {
  const units = withoutOne.length;
  const centre = mean([...withoutOne]);
  const squares = withoutOne.reduce((sum, one) => sum + (one - centre) ** 2, 0);
  const half =
    studentQuantile(1 - (1 - level) / 2, units - 1) * Math.sqrt(((units - 1) / units) * squares);
  return { value, low: value - half, high: value + half };
}
