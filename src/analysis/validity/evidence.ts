import type { Endpoint } from '../../model/endpoint.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import type { EngineFacts, HostFacts, MergeCounts, Trial } from '../../model/trial.ts';
import type { Warning } from '../../model/warning.ts';

/** What all trials of a cell have in common. */
export interface CellFacts {
  profile: LoadProfile;
  endpoint: Endpoint;
  rateAskedPerS: number | null;
  /** Of the machine, where its trials do not say so themselves. */
  cores: number;
  /** `aws` where there is no host of ours. */
  cpuMode: 'quota' | 'none' | 'aws';
  /** The run compares memory sizes. */
  severalMemorySizes: boolean;
}

/** What a trial's tables say. */
export interface TrialTables {
  requests: number;
  failed: number;
  /** Answered (with any status) requests of hold a second; null without a rate. */
  ratePerS: number | null;
  /** Durations and inits of all invocations; inits alone. */
  busyUs: number;
  initUs: number;
  breakdownRows: number;
  /** Requests of hold that reached an environment, and those of them that found one. */
  holdReached: number;
  holdWarm: number;
  /** Median latencies of equal stretches of the hold in milliseconds; empty where it has too few requests. */
  stretchesMs: number[];
  /** p99 with what a closed load's stalls hid ÷ p99 as measured; null of an open load. */
  hiddenByStalls: number | null;
}

/** A trial with what its tables say. */
export interface TrialEvidence {
  trial: Trial;
  tables: TrialTables;
  /** The trial's own warnings that void it. */
  voiding: readonly Warning[];
}

/** What checks look at: one trial, or sums over several of a cell. */
export interface Evidence extends CellFacts {
  trials: readonly TrialEvidence[];
  requests: number;
  failed: number;
  droppedIterations: number;
  /** Mean over trials. */
  ratePerS: number | null;
  engines: EngineFacts[];
  hosts: HostFacts[];
  merge: MergeCounts & { sampled: number };
  /** Of these nothing was asked, because nothing is known of the function: not of this run's making. */
  notAsked: { traces: boolean; reports: boolean };
  busyUs: number;
  initUs: number;
  breakdownRows: number;
  xray: 'collected' | 'incomplete' | 'unavailable';
  voiding: Warning[];
}

export function evidenceOf(cell: CellFacts, trials: readonly TrialEvidence[]): Evidence {
  const records = trials.map(({ trial }) => trial);
  const engines = records.flatMap(({ engine }) => engine ?? []);
  const hosts = records.flatMap(({ host }) => host ?? []);
  const sum = (key: 'requests' | 'failed' | 'busyUs' | 'initUs' | 'breakdownRows') =>
    trials.reduce((total, { tables }) => total + tables[key], 0);
  const rates = trials.flatMap(({ tables }) => tables.ratePerS ?? []);
  return {
    ...cell,
    cores: hosts[0]?.cores ?? cell.cores,
    cpuMode: hosts.some(({ cpuMode }) => cpuMode === 'none') ? 'none' : cell.cpuMode,
    trials,
    requests: sum('requests'),
    failed: sum('failed'),
    droppedIterations: engines.reduce((total, engine) => total + engine.droppedIterations, 0),
    ratePerS: rates.length === 0 ? null : rates.reduce((a, b) => a + b, 0) / rates.length,
    engines,
    hosts,
    merge: sumMerge(records),
    busyUs: sum('busyUs'),
    initUs: sum('initUs'),
    breakdownRows: sum('breakdownRows'),
    xray: xrayOf(records),
    notAsked: {
      traces: neverAsked(records, 'xray-unavailable'),
      reports: neverAsked(records, 'logs-unavailable'),
    },
    voiding: trials.flatMap(({ voiding }) => voiding),
  };
}

function sumMerge(trials: readonly Trial[]): Evidence['merge'] {
  const total = {
    requests: 0,
    reached: 0,
    sampled: 0,
    withTrace: 0,
    withReport: 0,
    withBoth: 0,
    invocations: 0,
    spans: 0,
    damaged: 0,
    negativeParts: 0,
    disagreements: 0,
    lostSamples: 0,
  };
  for (const { merge } of trials) {
    if (merge === null) continue;
    const counts = { ...merge, sampled: merge.sampled ?? merge.reached };
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += counts[key];
  }
  return total;
}

function xrayOf(trials: readonly Trial[]): Evidence['xray'] {
  const ends = trials.map(
    ({ collections }) => collections.find(({ collector }) => collector === 'xray')?.ended,
  );
  if (ends.every((ended) => ended === undefined || ended === 'unavailable')) return 'unavailable';
  return ends.every((ended) => ended === 'complete') ? 'collected' : 'incomplete';
}

function neverAsked(trials: readonly Trial[], code: string): boolean {
  return trials.length > 0 && trials.every((trial) => trial.warnings.some((w) => w.code === code));
}
