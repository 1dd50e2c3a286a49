import type { CellAnalysis } from '../../model/analysis.ts';
import type { TrialLatencies } from '../queries/latencies.ts';
import { noFigure, plainFigure, quantileFigure } from './figure.ts';

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
