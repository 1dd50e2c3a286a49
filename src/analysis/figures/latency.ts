import type { CellAnalysis } from '../../model/analysis.ts';
import { quantileRank, quantileSorted } from '../../stats/quantile.ts';
import type { TrialLatencies } from '../queries/latencies.ts';
import { leastForQuantile, noFigure, plainFigure, quantileFigure } from './figure.ts';

export function latencyFigures(trials: readonly TrialLatencies[]): CellAnalysis['latency'] {
  const sorted = trials.map(({ sortedMs }) => sortedMs);
  const at = (q: number) => quantileFigure(sorted, q);
  return {
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: maxFigure(sorted),
  };
}

function maxFigure(sorted: readonly Float64Array[]) {
  const filled = sorted.filter((values) => values.length > 0);
  if (filled.length === 0) return noFigure('ms', 'no request was measured');
  const n = filled.reduce((sum, values) => sum + values.length, 0);
  const max = Math.max(...filled.map((values) => values.at(-1) as number));
  return plainFigure(max, 'ms', n, filled.length, 'the largest of all trials; it has no interval');
}

const CURVE_POINTS = 200;

/**
 * The curve of each trial at no more than 200 quantiles: evenly spaced in log(1/(1−q)), so that each
 * nine has as many points as the next, from the smallest latency to the largest.
 */
export function latencyCurves(trials: readonly TrialLatencies[]): CellAnalysis['curves'] {
  return trials
    .filter(({ sortedMs }) => sortedMs.length > 0)
    .map(({ trial, sortedMs }) => ({ trial, points: curveOf(sortedMs) }));
}

function curveOf(sortedMs: Float64Array) {
  const n = sortedMs.length;
  const ranks = new Set<number>();
  for (let i = 0; i < CURVE_POINTS - 1; i += 1) {
    const tail = n ** (-i / (CURVE_POINTS - 2));
    ranks.add(quantileRank(n, 1 - tail));
  }
  ranks.add(n);
  // x₍r₎ is the quantile r/n, as in the figures; the largest stands half a rank before 1, which has no
  // place on a scale of nines.
  return [...ranks]
    .sort((a, b) => a - b)
    .map((rank) => ({
      quantile: Math.min(rank, n - 0.5) / n,
      ms: sortedMs[rank - 1] as number,
    }));
}

/** The figures of each trial that ratios are made of; a quantile that would be the maximum is null. */
export function trialFigures(
  latencies: readonly TrialLatencies[],
  backend: readonly TrialLatencies[],
): CellAnalysis['perTrial'] {
  return latencies.map(({ trial, sortedMs }) => {
    const at = (q: number) =>
      q > 0.5 && sortedMs.length < leastForQuantile(q) ? null : quantileSorted(sortedMs, q);
    const own = backend.find((other) => other.trial === trial)?.sortedMs ?? [];
    return {
      trial,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      backendMs: quantileSorted(own, 0.5),
      handlerMs: null,
      initMs: null,
      firstCallMs: null,
      connectionMs: null,
      cpuMs: null,
      costUsd: null,
    };
  });
}
