import { QUANTILES } from '../../model/common-quantile.ts';
import { withInterval } from '../figures/words.ts';
import { against } from './compared.ts';
import { moneyClause } from './money.ts';
import { type Named, rankedBy, sharedQuantile } from './named.ts';
import { tailClause } from './tail.ts';
import { hedge } from './validity.ts';

/** The best cell's latency, against the slowest, and why its tail is what it is. */
export function latencySentence(named: readonly Named[]): string {
  const answered = named.filter(({ cell }) => cell.latency.p50.value !== null);
  const q = answered.length === 0 ? undefined : sharedQuantile(answered);
  if (q === undefined) {
    return 'No request of the hold phase was answered well, so there is no latency to state.';
  }
  const order = rankedBy(answered, ({ latency }) => latency[q]);
  const best = order[0] as Named;
  const slowest = order.at(-1) as Named;
  const start = `${q} is ${withInterval(best.cell.latency[q])} at ${best.name}`;
  const comparison =
    best === slowest ? '' : `, ${against(best, slowest, ({ latency }) => latency[q], moneyClause)}`;
  return `${start}${comparison}${tailClause(best, q)}${hedge(answered)}.`;
}

/** The cell the first sentence is about. */
export function bestOf(named: readonly Named[]): Named | undefined {
  const q = sharedQuantile(named);
  return q === undefined ? undefined : rankedBy(named, ({ latency }) => latency[q])[0];
}

/** What an interval within one trial does not say. */
export function caveat(named: readonly Named[]): string | null {
  const once = named.some(({ cell }) =>
    QUANTILES.some(({ name }) => cell.latency[name].interval === 'within_trial'),
  );
  return once
    ? 'Intervals are within one trial and say nothing of the next run: more rounds do.'
    : null;
}
