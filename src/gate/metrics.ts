import type { PerTrial } from '../model/analysis.ts';
import { type GateMetric, LEAST_REQUESTS_OF_P99 } from '../model/gate.ts';

export type RatioMetric = 'p50' | 'p95' | 'p99' | 'init' | 'handler' | 'backend' | 'cost';
export type ShareMetric = 'errorRate' | 'coldShare';
export type ExactMetric = 'bundleSize' | 'backendCalls';

const FIELD_OF = {
  p50: 'p50Ms',
  p95: 'p95Ms',
  p99: 'p99Ms',
  init: 'initMs',
  handler: 'handlerMs',
  backend: 'backendMs',
  cost: 'costUsd',
} as const satisfies Record<RatioMetric, keyof PerTrial>;

/** A trial's figure, in the metric's unit; null where it has none, or none that has a logarithm. */
export function valueInTrial(trial: PerTrial, metric: RatioMetric): number | null {
  if (metric === 'p99' && trial.holdRequests < LEAST_REQUESTS_OF_P99) return null;
  const value = trial[FIELD_OF[metric]];
  return value !== null && value > 0 ? value : null;
}

/** The requests that a share counts, of how many. */
export interface Counted {
  hits: number;
  of: number;
}

/** null of a trial that sent nothing, and of a cold share where no request's environment is known. */
export function countedOf(
  trial: Pick<PerTrial, 'requests' | 'failures' | 'knownRequests' | 'coldRequests'>,
  metric: ShareMetric,
): Counted | null {
  const { requests, failures, knownRequests, coldRequests } = trial;
  const [hits, of] = metric === 'errorRate' ? [failures, requests] : [coldRequests, knownRequests];
  return of === 0 ? null : { hits, of };
}

export const shareOf = ({ hits, of }: Counted) => hits / of;

/** What a trial has, for sentences: `no trial of head has an init`. */
const HAS: Record<GateMetric, string> = {
  p50: 'a p50',
  p95: 'a p95',
  p99: `the ${LEAST_REQUESTS_OF_P99} requests of hold that a p99 needs`,
  init: 'an init',
  handler: 'a time of the handler',
  backend: 'a time of calls to the backend',
  cost: 'a cost',
  errorRate: 'a request',
  coldShare: 'a request whose environment is known',
  bundleSize: 'a bundle of known size',
  backendCalls: 'a traced call to the backend',
};

/** `an init`, `the 368 requests of hold that a p99 needs` */
export const whatIsMissing = (metric: GateMetric) => HAS[metric];
