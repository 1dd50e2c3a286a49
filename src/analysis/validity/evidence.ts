import type { Figure } from '../../model/analysis.ts';
import type { EngineFacts, HostFacts, MergeCounts, Trial } from '../../model/trial.ts';
import type { Warning } from '../../model/warning.ts';

/** What the checks of a cell look at: sums over its trials. */
export interface Evidence {
  requests: number;
  failed: number;
  droppedIterations: number;
  rateReached: Figure;
  rateAskedPerS: number | null;
  engines: EngineFacts[];
  hosts: HostFacts[];
  merge: MergeCounts;
  cores: number;
  /** `aws` where there is no host of ours. */
  cpuMode: 'quota' | 'none' | 'aws';
  /** The run compares memory sizes. */
  severalMemorySizes: boolean;
  /** Durations and inits of all invocations; inits alone. */
  busyUs: number;
  initUs: number;
  breakdownRows: number;
  xray: 'collected' | 'incomplete' | 'unavailable';
  /** Trials on disk that are not used, of all. */
  unusedTrials: number;
  /** The trials used were not finished. */
  unfinished: boolean;
  /** Why trials did not finish, as far as they could say. */
  brokeOff: string[];
  /** The trials' own warnings that void it. */
  voiding: Warning[];
}

/** Warnings of a trial that did not finish: its reason. */
export const BROKE_OFF: readonly string[] = ['trial-interrupted', 'trial-failed'];

export function sumMerge(trials: readonly Trial[]): MergeCounts {
  const total: MergeCounts = {
    requests: 0,
    reached: 0,
    withTrace: 0,
    withReport: 0,
    withBoth: 0,
    invocations: 0,
    spans: 0,
    damaged: 0,
    negativeParts: 0,
    lostSamples: 0,
  };
  for (const { merge } of trials) {
    if (merge === null) continue;
    for (const key of Object.keys(total) as (keyof MergeCounts)[]) total[key] += merge[key];
  }
  return total;
}

export function xrayOf(trials: readonly Trial[]): Evidence['xray'] {
  const ends = trials.map(
    ({ collections }) => collections.find(({ collector }) => collector === 'xray')?.ended,
  );
  if (ends.every((ended) => ended === undefined || ended === 'unavailable')) return 'unavailable';
  return ends.every((ended) => ended === 'complete') ? 'collected' : 'incomplete';
}
