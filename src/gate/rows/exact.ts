import type { CellAnalysis } from '../../model/analysis.ts';
import type { BundleFacts } from '../../model/run.ts';
import { bundlesOf } from '../bundles.ts';
import type { ExactMetric } from '../metrics.ts';
import { exactBudgetReason, exactReason } from '../reasons.ts';
import type { GateCell } from '../sides.ts';
import { absent } from './absent.ts';
import type { Draft, Finding } from './draft.ts';
import { exactFigure } from './figures.ts';
import type { RowAsked } from './ratio.ts';

/** What is counted: of backendCalls the operation that is meant. */
export interface Exact {
  operation: string | null;
  base: number | null;
  head: number | null;
}

/** The median calls of a request by operation that was sent; null of one of which nothing was traced. */
type CallsByOperation = Record<string, number | null>;

/** Head ÷ base against 1 + tolerance, without statistics. */
export function exactRow(
  cell: GateCell,
  asked: RowAsked<ExactMetric>,
  bundles: readonly BundleFacts[],
): Draft {
  const { base, head } = bundlesOf(cell, bundles);
  return exactDraft(
    cell,
    asked,
    asked.metric === 'bundleSize'
      ? { operation: null, base: base?.bytes ?? null, head: head?.bytes ?? null }
      : mostGrown(callsOf(cell.base), callsOf(cell.head)),
    cell.pairs.length,
  );
}

/** @param counted rounds that count for the cell */
export function exactDraft(
  cell: GateCell,
  asked: RowAsked<ExactMetric>,
  found: Exact,
  counted: number,
): Draft {
  const { metric, tolerance, guard } = asked;
  return {
    about: {
      ...{ cellId: cell.cellId, label: cell.label, metric, kind: 'exact' },
      ...{ operation: found.operation, guard, tolerance, pairs: counted, values: [] },
      base: exactFigure(metric, found.base),
      head: exactFigure(metric, found.head),
    },
    finding: nothingCounts(metric, counted) ?? exactFinding(metric, tolerance, found),
  };
}

/** Calls are those of trials, and a cell's may all be spoiled; code has its size without any. */
function nothingCounts(metric: ExactMetric, counted: number): Finding | null {
  if (metric === 'bundleSize' || counted > 0) return null;
  return { kind: 'open', reason: 'no round counts, and calls are counted in those', change: null };
}

function exactFinding(metric: ExactMetric, tolerance: number, { base, head }: Exact): Finding {
  if (base === null || head === null) {
    const both = base === null && head === null;
    return absent(metric, both ? 'either side' : base === null ? 'base' : 'head');
  }
  const ratio = base === 0 ? (head === 0 ? 1 : null) : head / base;
  return {
    kind: 'settled',
    // 105 of 100 is within 5%, whatever the last binary digit of the product.
    verdict: head <= base * (1 + tolerance) * (1 + 1e-12) ? 'pass' : 'fail',
    reason: exactReason(metric, base, head, tolerance),
    change: ratio === null ? null : { value: ratio, low: null, high: null },
  };
}

/** Head against a limit, without statistics; of backendCalls the operation that makes most. */
export function exactBudget(
  cell: GateCell,
  metric: ExactMetric,
  limit: number,
  bundles: readonly BundleFacts[],
): Draft {
  const calls = metric === 'backendCalls' ? Object.entries(callsOf(cell.head) ?? {}) : [];
  // What is not known may be most.
  const size = (count: number | null) => count ?? Number.MAX_VALUE;
  const most = calls.sort(([, a], [, b]) => size(b) - size(a))[0] ?? null;
  const bytes = metric === 'bundleSize' ? bundlesOf(cell, bundles).head?.bytes : undefined;
  const head = bytes ?? most?.[1] ?? null;
  const finding: Finding =
    nothingCounts(metric, cell.heads.length) ??
    (head === null
      ? absent(metric, 'head')
      : {
          kind: 'settled',
          verdict: head <= limit ? 'pass' : 'fail',
          reason: exactBudgetReason(metric, head, limit),
          change: { value: head, low: null, high: null },
        });
  return {
    about: {
      ...{ cellId: cell.cellId, label: cell.label, metric, kind: 'budget', guard: false },
      ...{ operation: most?.[0] ?? null, tolerance: limit, pairs: cell.heads.length, values: [] },
      base: null,
      head: exactFigure(metric, head),
    },
    finding,
  };
}

/**
 * null of a cell of which no call was traced: it makes none, or its calls are not traced. Where another
 * operation's are, one that was traced and makes none has 0, and one that was not is not known.
 */
export function callsOf(cell: CellAnalysis | null): CallsByOperation | null {
  const operations = cell?.byOperation ?? [];
  if (operations.every(({ medianBackendCalls }) => medianBackendCalls === null)) return null;
  return Object.fromEntries(
    operations.map(({ operation, medianBackendCalls }) => [operation, medianBackendCalls]),
  );
}

/**
 * Of the operations both sides were sent, that whose calls grew by the largest factor; one that is known
 * of base and not of head before all: absent data fails. What is not known of base is no yardstick.
 */
export function mostGrown(base: CallsByOperation | null, head: CallsByOperation | null): Exact {
  if (base === null || head === null) {
    return { operation: null, base: highest(base), head: highest(head) };
  }
  const shared = Object.entries(base).flatMap(([operation, before]) => {
    const after = head[operation];
    return before === null || after === undefined ? [] : [{ operation, before, after }];
  });
  const growth = ({ before, after }: { before: number; after: number | null }) => {
    if (after === null) return Number.POSITIVE_INFINITY;
    return before === after ? 1 : before === 0 ? Number.MAX_VALUE : after / before;
  };
  const most = shared.sort((a, b) => growth(b) - growth(a))[0];
  // The calls of one operation say nothing of another's.
  if (most === undefined) return { operation: null, base: null, head: highest(head) };
  return { operation: most.operation, base: most.before, head: most.after };
}

function highest(calls: CallsByOperation | null): number | null {
  const known = Object.values(calls ?? {}).flatMap((count) => count ?? []);
  return known.length === 0 ? null : Math.max(...known);
}
