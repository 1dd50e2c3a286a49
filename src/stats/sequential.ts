import { mean, sampleStandardDeviation } from 'simple-statistics';
import { nominalLevels } from './boundaries.ts';
import { studentCumulative, studentQuantile } from './distributions.ts';

/**
 * t tests of a growing series that is looked at several times. Boundaries are those of a normal process
 * taken over by their significance levels: at each look the p-value of the t test is held against the
 * nominal level (Jennison and Turnbull, Group Sequential Methods, 2000: unknown variance).
 */

/** Observations at one look: the first n of a growing series. */
export interface Look {
  values: readonly number[];
  /** How much of α's plan may be spent by now, in (0, 1]: n ÷ planned, 1 at a look known to be the last. */
  fraction: number;
  /** The standard error of the mean at this look is at least this. @default that of the job */
  leastError?: number;
}

export interface SequentialResult {
  mean: number;
  /** Bounds of the mean at the last look, each at level 1 − α over all looks at once. */
  low: number;
  high: number;
  /** Smallest α at which "the mean is at most the threshold" is refused at this look or at one before. */
  pAbove: number;
  /** The same of "the mean is at least the threshold". */
  pBelow: number;
}

export interface SequentialJob {
  /** In order, each with more values than the one before, two at least. */
  looks: readonly Look[];
  threshold: number;
  alpha: number;
  /** The standard error of the mean is at least this. @default 0 */
  leastError?: number;
}

/** Tests the mean of a series against a threshold at each of several looks. */
export function sequentialTest({
  looks,
  threshold,
  alpha,
  leastError = 0,
}: SequentialJob): SequentialResult {
  const last = looks.at(-1);
  if (last === undefined) throw new RangeError('a sequential test needs a look');
  const plan: Plan = {
    fractions: looks.map(({ fraction }) => fraction),
    counts: looks.map(({ values }) => values.length),
  };
  const tails = looks.map((look) => tailsOf(look.values, threshold, look.leastError ?? leastError));
  const { centre, error, df } = momentsOf(last.values, last.leastError ?? leastError);
  const level = nominalLevels(alpha, plan.fractions, plan.counts).at(-1) as number;
  const half = error === 0 ? 0 : studentQuantile(1 - level, df) * error;
  return {
    mean: centre,
    low: centre - half,
    high: centre + half,
    pAbove: sequentialP(
      tails.map(({ above }) => above),
      plan,
    ),
    pBelow: sequentialP(
      tails.map(({ below }) => below),
      plan,
    ),
  };
}

/** Of each look, what is spent by then and how many observations it has. */
interface Plan {
  fractions: readonly number[];
  counts: readonly number[];
}

/** Of the t test at one look: p of "at most" and of "at least" the threshold. */
function tailsOf(values: readonly number[], threshold: number, leastError: number) {
  const { centre, error, df } = momentsOf(values, leastError);
  const distance = centre - threshold;
  if (error === 0) return { above: distance > 0 ? 0 : 1, below: distance < 0 ? 0 : 1 };
  const below = studentCumulative(distance / error, df);
  return { above: studentCumulative(-distance / error, df), below };
}

function momentsOf(values: readonly number[], leastError: number) {
  const n = values.length;
  if (n < 2) throw new RangeError('a t test needs two observations or more');
  const seen = sampleStandardDeviation([...values]) / Math.sqrt(n);
  // Equal values have a spread of rounding.
  const centre = mean([...values]);
  const error = Math.max(seen <= 1e-12 * Math.abs(centre) ? 0 : seen, leastError);
  return { centre, error, df: n - 1 };
}

/** log₁₀ of the smallest p-value that is told apart from 0. */
const SMALLEST = -9;
const HALVINGS = 14;

/**
 * The smallest α at which one of the looks crosses its boundary (Liu and Anderson, Statistics in
 * Medicine 2008), to 0.2% of itself; at most 1.
 */
function sequentialP(p: readonly number[], { fractions, counts }: Plan): number {
  const crosses = (alpha: number) =>
    nominalLevels(alpha, fractions, counts).some((level, k) => (p[k] as number) <= level);
  // The boundaries of α = 1 spend everything, and nothing is left to be crossed.
  const most = 0.999;
  if (!crosses(most)) return 1;
  let [low, high] = [SMALLEST, Math.log10(most)];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (crosses(10 ** middle)) high = middle;
    else low = middle;
  }
  return 10 ** high;
}

/** Of the test that further observations are for. */
const POWER = 0.8;

/**
 * About how many more observations decide with a probability of 80%, were mean and spread what they are
 * now: the least m with |mean − threshold| ≥ (t₁₋α + t₀.₈) · s ÷ √(n + m). null where that is more than
 * `most`.
 */
export function moreObservations({
  values,
  threshold,
  alpha,
  most,
}: {
  values: readonly number[];
  threshold: number;
  alpha: number;
  most: number;
}): number | null {
  const n = values.length;
  const distance = Math.abs(mean([...values]) - threshold);
  const deviation = sampleStandardDeviation([...values]);
  for (let more = 1; more <= most; more += 1) {
    const df = n + more - 1;
    const needed = studentQuantile(1 - alpha, df) + studentQuantile(POWER, df);
    if (distance * Math.sqrt(n + more) >= needed * deviation) return more;
  }
  return null;
}
