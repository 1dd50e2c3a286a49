import { formatShare } from '../../base/numbers.ts';
import type { Check } from '../../model/analysis.ts';
import { leastObservations, quantileSorted } from '../../stats/quantile.ts';
import type { Evidence } from './evidence.ts';

const LEAST_HIDDEN = 0.1;
const P99 = 0.99;

/**
 * p99 with the requests that a closed load did not send while it waited ÷ p99 as measured. A user
 * would have sent one each `intervalMs`; one that waited longer stands for those it kept from being
 * sent, which would have waited ms − interval, ms − 2 · interval, … (Tene's correction of coordinated
 * omission, HdrHistogram `recordValueWithExpectedInterval`). Null where p99 is not stated.
 */
export function hiddenByStalls(sortedMs: Float64Array, intervalMs: number): number | null {
  const p99 = quantileSorted(sortedMs, P99);
  if (p99 === null || p99 === 0 || sortedMs.length < 100 || intervalMs <= 0) return null;
  const all = Array.from(sortedMs);
  for (const ms of sortedMs) {
    for (let rest = ms - intervalMs; rest >= intervalMs; rest -= intervalMs) all.push(rest);
  }
  return (quantileSorted(Float64Array.from(all).sort(), P99) as number) / p99;
}

/** Of a closed load: how much of its tail it hides by waiting. Not void: its users felt what is shown. */
export function closedModel({ profile, trials }: Evidence): Check[] {
  if (profile.kind !== 'closed') return [];
  const ratios = trials.flatMap(({ tables }) => tables.hiddenByStalls ?? []);
  const logs = ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0);
  const hidden = ratios.length === 0 ? null : Math.expm1(logs / ratios.length);
  const rising = hidden === null ? '' : formatShare(Math.max(0, hidden));
  return [
    {
      name: 'closed-model',
      label: 'Stalls hidden by a closed load',
      value: hidden,
      shown:
        hidden === null
          ? `not known: p99 takes 100 requests (${leastObservations(P99)} for its interval)`
          : `with the requests it held back p99 would be ${rising} higher`,
      threshold: '≤ 10%',
      state: hidden === null ? 'unknown' : hidden <= LEAST_HIDDEN ? 'sound' : 'doubtful',
      about: 'measurement',
      why: 'Users who wait for an answer send nothing meanwhile, so a stall is met by few requests; with arrivals by schedule (ramp) all that fall into it would be measured.',
    },
  ];
}
