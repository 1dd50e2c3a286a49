import type { CellAnalysis } from '../../model/analysis.ts';
import { quantileRank } from '../../stats/quantile.ts';
import type { TrialLatencies } from '../queries/latencies.ts';

/**
 * The curve of each trial at no more than `most` quantiles: evenly spaced in log(1/(1−q)), so that each
 * nine has as many points as the next, from the smallest latency to the largest.
 */
export function latencyCurves(
  trials: readonly TrialLatencies[],
  most: number,
): CellAnalysis['curves'] {
  return trials
    .filter(({ sortedMs }) => sortedMs.length > 0)
    .map(({ trial, sortedMs }) => ({ trial, points: curveOf(sortedMs, most) }));
}

function curveOf(sortedMs: Float64Array, most: number) {
  const n = sortedMs.length;
  const ranks = new Set<number>();
  for (let i = 0; i < most - 1; i += 1) {
    const tail = n ** (-i / (most - 2));
    ranks.add(quantileRank(n, 1 - tail));
  }
  ranks.add(n);
  // x₍r₎ is the quantile r/n, as in the figures; the largest stands half a rank before 1, which has no
  // place on a scale of nines.
  return [...ranks]
    .sort((a, b) => a - b)
    .map((rank) => ({
      // Nine digits tell the ranks of a hundred million requests apart.
      quantile: Number((Math.min(rank, n - 0.5) / n).toFixed(9)),
      ms: sortedMs[rank - 1] as number,
    }));
}
