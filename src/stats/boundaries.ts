import { normalAbove } from './distributions.ts';

/**
 * One-sided group-sequential boundaries for looks at a growing series (Lan and DeMets, Biometrika 1983)
 * by the recursive integration of Armitage, McPherson and Rowe (JRSS A 1969).
 */

/**
 * How much of α may be spent up to a fraction of the planned observations: α · √fraction, of the power
 * family of Kim and DeMets (Biometrika 1987). It spends early: most gates are to be decided long before
 * the last pair, and what is kept for later looks buys little, as their statistics are much the same.
 */
export function spent(alpha: number, fraction: number): number {
  return alpha * Math.sqrt(Math.min(1, fraction));
}

/** Intervals of Simpson's rule between the lowest sum that matters and the boundary. */
const INTERVALS = 128;
/** Sums this many standard deviations below 0 do not come. */
const LOWEST_Z = -7;
/** Steps of the bisection for a boundary: its range halved so often is below 10⁻⁹. */
const BISECTIONS = 36;

/** What has not crossed a boundary up to a look: the density of the sum, at the points of Simpson's rule. */
interface Continuing {
  fraction: number;
  count: number;
  /** Sums, in units of the standard deviation of what is counted once. */
  at: Float64Array;
  /** Density there times the weight of the rule. */
  mass: Float64Array;
  level: number;
}

/** Looks of all gates of a run share their boundaries: kept by α, fractions and counts. */
const known = new Map<string, Continuing>();
const MOST_KNOWN = 4000;

/**
 * The nominal one-sided level of each look: the p-value of the single look below which it refuses, so
 * that all looks together refuse with probability `spent(α, last fraction)` where nothing is to be
 * refused. `fractions` rise, in (0, 1], and say how much of α is spent. `counts` rise with them, in any
 * unit, and say how much two looks have in common: the observations of each. They are two things where
 * a series ends before its plan or goes beyond it (Lan and DeMets, Statistics in Medicine 1989).
 */
export function nominalLevels(
  alpha: number,
  fractions: readonly number[],
  counts: readonly number[] = fractions,
): number[] {
  let key = String(alpha);
  let before: Continuing | null = null;
  return fractions.map((fraction, k) => {
    const count = counts[k] as number;
    key += ` ${fraction}/${count}`;
    const found = known.get(key) ?? next(alpha, before, fraction, count);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, found);
    before = found;
    return found.level;
  });
}

function next(
  alpha: number,
  before: Continuing | null,
  fraction: number,
  count: number,
): Continuing {
  const allowed = spent(alpha, fraction) - (before === null ? 0 : spent(alpha, before.fraction));
  const deviation = Math.sqrt(count);
  const step = before === null ? deviation : Math.sqrt(count - before.count);
  const crossing = (boundary: number) =>
    before === null
      ? normalAbove(boundary / step)
      : sum(
          before.mass,
          (mass, i) => mass * normalAbove((boundary - (before.at[i] as number)) / step),
        );
  let [low, high] = [LOWEST_Z * deviation, -LOWEST_Z * deviation];
  for (let i = 0; i < BISECTIONS; i += 1) {
    const middle = (low + high) / 2;
    if (crossing(middle) > allowed) low = middle;
    else high = middle;
  }
  const boundary = high;
  const lowest = LOWEST_Z * deviation;
  const width = (boundary - lowest) / INTERVALS;
  const at = Float64Array.from({ length: INTERVALS + 1 }, (_, i) => lowest + i * width);
  const density = (s: number) =>
    before === null
      ? normal(s / step) / step
      : sum(before.mass, (mass, i) => mass * normal((s - (before.at[i] as number)) / step)) / step;
  const mass = at.map((s, i) => density(s) * simpson(i) * (width / 3));
  return { fraction, count, at, mass, level: normalAbove(boundary / deviation) };
}

function simpson(i: number): number {
  if (i === 0 || i === INTERVALS) return 1;
  return i % 2 === 1 ? 4 : 2;
}

function sum(values: Float64Array, of: (value: number, i: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += of(values[i] as number, i);
  return total;
}

function normal(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}
