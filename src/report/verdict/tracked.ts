import type { GateMetric, GateResult, GateRow } from '../../model/gate.ts';

/** A figure of head as tools that keep a history of figures take it. */
export interface Tracked {
  row: GateRow;
  /** In the unit of UNITS. */
  value: number;
  low: number | null;
  high: number | null;
}

/** What histories show: units for people. Shares become percent. */
export const UNITS: Record<GateMetric, string> = {
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  init: 'ms',
  handler: 'ms',
  backend: 'ms',
  cost: 'USD per million requests',
  errorRate: '%',
  coldShare: '%',
  bundleSize: 'bytes',
  backendCalls: 'calls per request',
};

/**
 * Each figure of head once: a metric that has a budget beside its tolerance has two rows. Without
 * those that have no value. Series are named by cell ids: labels depend on what else a run has.
 */
export function trackedFigures({ rows }: GateResult): Tracked[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const { cellId, metric, operation, head } = row;
    const key = JSON.stringify([cellId, metric, operation]);
    if (head.value === null || !Number.isFinite(head.value) || seen.has(key)) return [];
    seen.add(key);
    const scale = UNITS[metric] === '%' ? 100 : 1;
    const end = (value: number | null) =>
      value === null || !Number.isFinite(value) ? null : value * scale;
    return [{ row, value: head.value * scale, low: end(head.low), high: end(head.high) }];
  });
}
