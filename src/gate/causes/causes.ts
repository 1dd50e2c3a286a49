import type { CellAnalysis, Waterfall } from '../../model/analysis.ts';
import type { GateCause, GateMetric, GateRow } from '../../model/gate.ts';
import type { BundleFacts } from '../../model/run.ts';
import type { GateCell } from '../sides.ts';
import { bundleCause } from './bundle-growth.ts';
import { failureCause } from './failure-cause.ts';
import type { CauseText } from './growth.ts';
import { initCause, latencyCause, medianCause } from './time-causes.ts';

/** Where to look for why rows failed; a row of which nothing is known has no cause. */
export function causesOf(
  rows: readonly GateRow[],
  cells: readonly GateCell[],
  bundles: readonly BundleFacts[],
): GateCause[] {
  return rows.flatMap((row): GateCause[] => {
    const cell = cells.find(({ cellId }) => cellId === row.cellId);
    if (row.verdict !== 'fail' || row.kind === 'budget' || cell === undefined) return [];
    const told = toldOf(row, cell, bundles);
    if (told === null) return [];
    const { cellId, metric } = row;
    return [{ cellId, metric, ...told, traces: examplesOf(metric, cell) }];
  });
}

function toldOf(row: GateRow, cell: GateCell, bundles: readonly BundleFacts[]): CauseText | null {
  const rounds = new Set(row.values.map(([round]) => round));
  const pairs = cell.pairs.filter(({ round }) => rounds.has(round));
  switch (row.metric) {
    case 'errorRate':
      return failureCause(cell);
    case 'coldShare':
    case 'backendCalls':
      return null;
    case 'bundleSize':
      return bundleCause(cell, bundles);
  }
  // Without pairs there is no figure: what was answered wrongly is why.
  if (pairs.length === 0) return failureCause(cell);
  switch (row.metric) {
    case 'p50':
    case 'p95':
    case 'p99':
      return latencyCause(row.metric, pairs, cell, bundles);
    case 'init':
      return initCause(pairs, cell, bundles);
    case 'handler':
    case 'backend':
    case 'cost':
      return medianCause(row.metric, pairs);
  }
}

const KIND: Partial<Record<GateMetric, Waterfall['kind']>> = {
  p50: 'median',
  handler: 'median',
  backend: 'median',
  cost: 'median',
  p95: 'slowest',
  p99: 'slowest',
  init: 'cold',
};

/** One of each side, of the same operation where there is one. */
function examplesOf(metric: GateMetric, { base, head }: GateCell): GateCause['traces'] {
  const kind = KIND[metric];
  if (kind === undefined) return { base: null, head: null };
  const ofHead = examples(head, kind)[0] ?? null;
  const ofBase = examples(base, kind);
  const same = ofBase.find(({ operation }) => operation === ofHead?.operation);
  return { base: named(base, same ?? ofBase[0] ?? null), head: named(head, ofHead) };
}

/** The slowest first. */
function examples(cell: CellAnalysis | null, kind: Waterfall['kind']): Waterfall[] {
  const spoiled = new Set(
    cell?.validity.trials.filter((one) => one.spoiled).map(({ trial }) => trial),
  );
  return (cell?.waterfalls ?? [])
    .filter((one) => one.kind === kind && !spoiled.has(one.trial))
    .sort((a, b) => b.totalMs - a.totalMs);
}

function named(cell: CellAnalysis | null, found: Waterfall | null) {
  if (cell === null || found === null) return null;
  return { cellId: cell.cell.id, traceId: found.traceId, totalMs: found.totalMs };
}
