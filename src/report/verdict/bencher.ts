import type { GateMetric, GateResult } from '../../model/gate.ts';
import { trackedFigures } from './tracked.ts';

/**
 * Slugs of Bencher's measures. Bencher makes one that it does not know, without a unit, so ours name
 * theirs. `file-size` is built in, in bytes. The built-in `latency` is in nanoseconds and would hold
 * one figure of many, so it is not used.
 */
const MEASURES: Record<GateMetric, string> = {
  p50: 'p50-ms',
  p95: 'p95-ms',
  p99: 'p99-ms',
  init: 'init-ms',
  handler: 'handler-ms',
  backend: 'backend-ms',
  cost: 'cost-usd-per-million-requests',
  errorRate: 'error-rate-percent',
  coldShare: 'cold-share-percent',
  bundleSize: 'file-size',
  backendCalls: 'backend-calls-per-request',
};

/** Names of benchmarks may be so long. */
const LONGEST_NAME = 1024;

interface Metric {
  value: number;
  lower_value?: number;
  upper_value?: number;
}

/**
 * The figures of head in Bencher Metric Format (bencher.dev/docs/reference/bencher-metric-format), for
 * `bencher run --adapter json`. A benchmark is a cell, or an operation of one. null: no figure.
 */
export function renderBencher(result: GateResult): string | null {
  const benchmarks = new Map<string, Record<string, Metric>>();
  for (const { row, value, low, high } of trackedFigures(result)) {
    const name = row.operation === null ? row.cellId : `${row.cellId} ${row.operation}`;
    const key = name.slice(0, LONGEST_NAME);
    benchmarks.set(key, {
      ...benchmarks.get(key),
      [MEASURES[row.metric]]: {
        value,
        ...(low === null ? {} : { lower_value: low }),
        ...(high === null ? {} : { upper_value: high }),
      },
    });
  }
  if (benchmarks.size === 0) return null;
  return `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`;
}
