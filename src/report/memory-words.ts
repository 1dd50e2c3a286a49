import { listed } from '../base/words.ts';
import type { Advice, Goal, Scaled, ScaledQuantity } from '../model/memory-scaling.ts';
import type { Slo } from '../model/run.ts';

/** What may scale with memory, for people. */
export const QUANTITY_NAMES: Record<Scaled, { label: string; is: string }> = {
  init: { label: 'init', is: 'initialisation of an environment' },
  first_call: {
    label: 'first handler call',
    is: 'the handler’s part of an environment’s first call',
  },
  handler: { label: 'handler', is: 'the handler’s part of a warm call' },
  backend: { label: 'backend', is: 'time in backend calls' },
  connection: {
    label: 'connection set-up',
    is: 'backend time of first calls minus that of later ones',
  },
  p50: { label: 'p50', is: 'median latency' },
  p99: { label: 'p99', is: '99th percentile of latency' },
};

export const KIND_NAMES: Record<ScaledQuantity['kind'], string> = {
  fit: 'follows the law',
  staircase: 'staircase',
  full_cpu: 'full CPU at every size',
  unknown: 'not known',
};

const GOAL_NAMES: Record<Goal, string> = {
  fastest: 'Fastest',
  cheapest: 'Cheapest',
  balanced: 'Balanced',
  slo: 'Cheapest within the SLO',
};

/** `Cheapest with p99 ≤ 100 ms` where the run has an SLO. */
export function goalText({ goal }: Advice, slo: Slo | null): string {
  return goal === 'slo' && slo !== null
    ? `Cheapest with ${slo.quantile} ≤ ${slo.ms} ms`
    : GOAL_NAMES[goal];
}

/** `shown`, `likely: best in 4 of 5 rounds`, `open: …`: how sure an advice is. */
export function surenessText({ sureness, roundsBest, rounds, goal }: Advice): string {
  const what = goal === 'slo' ? 'within it' : 'best';
  const of =
    rounds > 0
      ? `: ${what} in ${roundsBest} of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`
      : '';
  return `${sureness}${of}`;
}

/** `cannot be told from 1769 MB and 3008 MB`; empty where it can be told from all. */
export function tiesText({ ties, memoryMb }: Advice): string {
  const sizes = ties.map((size) => `${size} MB`);
  if (sizes.length === 0) return '';
  const list = listed(sizes);
  return memoryMb === null ? `${list} cannot be told apart` : `cannot be told from ${list}`;
}

/** Advice that names a size and is more than a guess. */
export const isRecommended = ({ sureness, memoryMb }: Advice) =>
  sureness !== 'open' && memoryMb !== null;
