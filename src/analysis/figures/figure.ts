import { mean } from 'simple-statistics';
import type { Figure } from '../../model/analysis.ts';
import { geometricMeanInterval, meanInterval, wilsonInterval } from '../../stats/intervals.ts';
import { leastObservations, quantileInterval, quantileSorted } from '../../stats/quantile.ts';

/** Figures of a cell from the sorted values of its trials. */

type Unit = Figure['unit'];
/** With fewer a t interval says more of its few trials than of the figure: t of one degree is 12.7. */
export const LEAST_ROUNDS = 3;

const COUNT = new Intl.NumberFormat('en-US');

export function noFigure(unit: Unit, note: string, n = 0, trials = 0): Figure {
  return { value: null, unit, low: null, high: null, interval: 'none', n, trials, note };
}

export function plainFigure(
  value: number | null,
  unit: Unit,
  n: number,
  trials: number,
  note?: string,
): Figure {
  const figure: Figure = { value, unit, low: null, high: null, interval: 'none', n, trials };
  return note === undefined ? figure : { ...figure, note };
}

/**
 * A quantile of a cell. Several trials: the geometric mean of the trials' quantiles, from LEAST_ROUNDS
 * trials on with the t interval on their logs. One trial: its quantile with the exact order-statistics
 * interval. A quantile is not stated where it would only be the largest observation.
 */
export function quantileFigure(
  sortedByTrial: readonly Float64Array[],
  q: number,
  unit: Unit = 'ms',
): Figure {
  const filled = sortedByTrial.filter((values) => values.length > 0);
  const n = filled.reduce((sum, values) => sum + values.length, 0);
  const name = quantileName(q);
  const fewest = Math.min(...filled.map((values) => values.length));
  const needed = leastForQuantile(q);
  if (filled.length === 0) return noFigure(unit, 'no request was measured');
  if (q > 0.5 && fewest < needed) {
    const where = filled.length > 1 ? 'a trial has' : 'this has';
    return noFigure(
      unit,
      `${name} needs ${COUNT.format(needed)} requests, ${where} ${COUNT.format(fewest)}`,
      n,
      filled.length,
    );
  }
  const values = filled.map((sorted) => quantileSorted(sorted, q) as number);
  if (filled.length > 1) return trialsFigure(values, unit, n);
  return withinTrial(filled[0] as Float64Array, values[0] as number, q, unit);
}

function withinTrial(sorted: Float64Array, value: number, q: number, unit: Unit): Figure {
  const n = sorted.length;
  const ranks = quantileInterval(n, q);
  if (ranks === null) {
    const needed = COUNT.format(leastObservations(q));
    const note = `an interval of ${quantileName(q)} needs ${needed} requests, this has ${COUNT.format(n)}`;
    return plainFigure(value, unit, n, 1, note);
  }
  return {
    value,
    unit,
    low: sorted[ranks.low - 1] as number,
    high: sorted[ranks.high - 1] as number,
    interval: 'within_trial',
    n,
    trials: 1,
    note: 'within this one trial, if its requests were independent',
  };
}

/** One positive value a trial, by their geometric mean; values that may be 0 or below by the mean. */
export function trialsFigure(
  values: readonly number[],
  unit: Unit,
  n: number,
  by: 'geometric' | 'arithmetic' = 'geometric',
): Figure {
  const [only] = values;
  if (only === undefined) return noFigure(unit, 'no trial has a value', n);
  const geometric = by === 'geometric' && values.every((value) => value > 0);
  if (values.length < LEAST_ROUNDS) {
    const several = geometric ? Math.exp(mean(values.map(Math.log))) : mean([...values]);
    const [value, note] =
      values.length === 1
        ? [only, 'one trial gives no interval']
        : [several, `an interval needs ${LEAST_ROUNDS} trials, this has ${values.length}`];
    return plainFigure(value, unit, n, values.length, note);
  }
  const { value, low, high } = geometric ? geometricMeanInterval(values) : meanInterval(values);
  return { value, unit, low, high, interval: 'trials_t', n, trials: values.length };
}

/** With fewer, a quantile above the median is only the largest observation. */
export function leastForQuantile(q: number): number {
  return Math.ceil(1 / (1 - q) - 1e-9);
}

/** A share with Wilson's interval. */
export function shareFigure(hits: number, n: number, trials: number, nothing: string): Figure {
  const found = wilsonInterval(hits, n);
  if (found === null) return noFigure('share', nothing, 0, trials);
  return { ...found, unit: 'share', interval: 'wilson', n, trials };
}

/** `p99`, `p99.9` */
export function quantileName(q: number): string {
  return `p${Number((q * 100).toFixed(3))}`;
}
