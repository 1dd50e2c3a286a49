import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { aTrial, noColdStarts, noCost } from '../../model/testing/empty.ts';
import { cellOf } from './trial-files.ts';

export interface SampledCell {
  endpoint?: Partial<Endpoint>;
  /** The p50 of each round, in milliseconds; null where it has none. */
  p50: readonly (number | null)[];
  /** By default three times the p50. */
  p99?: readonly (number | null)[];
  backendMs?: readonly (number | null)[];
  state?: CellAnalysis['validity']['state'];
}

/** What comparisons are made of; the rest of an analysis is not looked at. */
export function sampledCell(sampled: SampledCell): CellAnalysis {
  const { p50, endpoint = {}, state = 'sound' } = sampled;
  const p99 = sampled.p99 ?? p50.map((ms) => (ms === null ? null : 3 * ms));
  const cell = cellOf(endpoint.memoryMb ?? 1024);
  const found = { ...cell.endpoint, ...endpoint };
  const nothing = figure(null);
  const first = p50.find((ms) => ms !== null) ?? null;
  return {
    cell: { ...cell, id: Object.values(found).join('-'), endpoint: found },
    trials: p50.length,
    requests: 1000,
    holdRequests: 1000,
    outcomes: { ok: 1000, graphql_error: 0, wrong_answer: 0, http_error: 0, network_error: 0 },
    droppedIterations: 0,
    rateReached: nothing,
    rateAskedPerS: 10,
    failureShare: nothing,
    failures: [],
    latency: {
      p50: figure(first),
      p90: nothing,
      p95: nothing,
      p99: figure(p99[0] ?? null),
      p999: nothing,
      max: nothing,
    },
    curves: [],
    byOperation: [],
    backend: {
      tracedRequests: 0,
      callsMean: nothing,
      callsMedian: nothing,
      medianMs: figure(sampled.backendMs?.find((ms) => ms !== null) ?? null),
    },
    perTrial: p50.map((ms, i) =>
      aTrial(i + 1, {
        p50Ms: ms,
        p99Ms: p99[i] ?? null,
        backendMs: sampled.backendMs?.[i] ?? null,
      }),
    ),
    bands: [],
    timeline: { binS: 1, points: [] },
    coldStarts: noColdStarts(),
    burst: null,
    tails: [],
    cost: noCost(),
    waterfalls: [],
    memory: { usedMaxMb: nothing, billedMsMedian: nothing },
    validity: { state, checks: [], trials: [] },
    explained: { medianUnexplainedMs: nothing, maxSumErrorMs: 0 },
  };
}

function figure(value: number | null): Figure {
  return { value, unit: 'ms', low: null, high: null, interval: 'none', n: 1000, trials: 3 };
}
