import { formatShare } from '../../base/numbers.ts';
import type { Check } from '../../model/analysis.ts';
import { studentQuantile } from '../../stats/distributions.ts';
import { meanInterval } from '../../stats/intervals.ts';
import type { Evidence } from './evidence.ts';

/** Stretches a third of the hold is cut into; a hold has three times as many. */
export const STRETCHES_A_THIRD = 5;
/** Medians of fewer requests say too little. */
export const LEAST_STRETCH = 20;

/** Less is nothing to warn of, however sure. */
const LEAST_DRIFT = Math.log(1.1);
const LEAST_TRIALS = 3;

/**
 * Is the end of the hold slower or faster than its beginning? With three trials or more: the t interval
 * over trials of ln(last third ÷ first third) at 99%. A trial by itself: Welch's t at 99.9% over
 * the medians of five stretches a third (batch means: stretches are nearly independent where single
 * requests are not). Both must also exceed a tenth. On lognormal latencies that do not drift with a lag-1
 * correlation of up to .98 a trial is called drifting in about 1% of cases, where a plain threshold of
 * a tenth calls 4% to 79%: drift.test.ts.
 */
export function drift({ profile, trials }: Evidence): Check[] {
  // From nothing to a rate is a course by intent, and forced cold starts have none.
  if (profile.kind === 'burst' || profile.kind === 'cold') return [];
  const known = trials
    .map(({ tables }) => tables.stretchesMs)
    .filter(({ length }) => length === 3 * STRETCHES_A_THIRD);
  const changes = known.map(changeOf);
  const mean = changes.reduce((sum, { log }) => sum + log, 0) / changes.length;
  const check = (value: number | null, shown: string, state: Check['state']): Check[] => [
    {
      name: 'drift',
      label: 'Drift within the hold',
      value,
      shown,
      threshold: '≤ 10%, or not told from chance',
      state,
      about: 'system',
      why: 'Latency that rises or falls through the hold has no one distribution: its figures depend on how long the hold was.',
    },
  ];
  if (changes.length === 0) {
    const least = 3 * STRETCHES_A_THIRD * LEAST_STRETCH;
    return check(null, `not known: it takes ${least} answered requests of the hold`, 'unknown');
  }
  const drifts =
    changes.length >= LEAST_TRIALS
      ? isBeyond(mean) && leavesOutZero(changes.map(({ log }) => log))
      : changes.every(({ log, sure }) => sure && isBeyond(log) && log * mean > 0);
  const direction = mean > 0 ? 'slower' : 'faster';
  const chance = isBeyond(mean) && !drifts ? ', which chance may explain' : '';
  const shown = `the last third is ${formatShare(Math.abs(Math.expm1(mean)))} ${direction} than the first${chance}`;
  return check(Math.expm1(mean), shown, drifts ? 'doubtful' : 'sound');
}

const isBeyond = (log: number) => Math.abs(log) > LEAST_DRIFT;

function leavesOutZero(logs: readonly number[]): boolean {
  const { low, high } = meanInterval(logs, 0.99);
  return low > 0 || high < 0;
}

function changeOf(stretchesMs: readonly number[]): { log: number; sure: boolean } {
  const logs = stretchesMs.map(Math.log);
  const first = momentsOf(logs.slice(0, STRETCHES_A_THIRD));
  const last = momentsOf(logs.slice(-STRETCHES_A_THIRD));
  const log = last.mean - first.mean;
  const error = Math.sqrt((first.variance + last.variance) / STRETCHES_A_THIRD);
  const df = 2 * STRETCHES_A_THIRD - 2;
  return { log, sure: Math.abs(log) > studentQuantile(0.9995, df) * error };
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
