import { mean } from 'simple-statistics';
import type { Figure } from '../../model/figure.ts';
import { type GateMetric, METRIC_KIND, METRIC_UNIT } from '../../model/gate.ts';
import { geometricMeanInterval, meanInterval } from '../../stats/intervals.ts';

/** Of fewer a t interval says more of them than of the figure. */
const LEAST_TRIALS = 3;

/** A side's figure from one value a trial: the geometric mean, of shares the arithmetic one. */
export function figureOver(metric: GateMetric, values: readonly number[]): Figure {
  const unit = METRIC_UNIT[metric];
  const n = values.length;
  const bare = { unit, low: null, high: null, interval: 'none', n, trials: n } as const;
  if (n === 0) return { ...bare, value: null, note: 'no trial that counts has it' };
  const shares = METRIC_KIND[metric] === 'difference';
  if (n < LEAST_TRIALS) {
    const value = shares ? mean([...values]) : Math.exp(mean(values.map(Math.log)));
    return { ...bare, value, note: `an interval needs ${LEAST_TRIALS} trials` };
  }
  const found = shares ? meanInterval(values) : geometricMeanInterval(values);
  return { ...bare, ...found, interval: 'trials_t' };
}

/** A figure that is counted and has no spread. */
export function exactFigure(metric: GateMetric, value: number | null): Figure {
  const unit = METRIC_UNIT[metric];
  const bare = { value, unit, low: null, high: null, interval: 'none', trials: 1 } as const;
  return value === null ? { ...bare, n: 0, note: 'it is not known' } : { ...bare, n: 1 };
}
