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

/** The median calls of a request by operation; a traced operation without any makes none. */
export type CallsByOperation = Record<string, number>;

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
  );
}

export function exactDraft(cell: GateCell, asked: RowAsked<ExactMetric>, found: Exact): Draft {
  const { metric, tolerance, guard } = asked;
  return {
    about: {
      ...{ cellId: cell.cellId, label: cell.label, metric, kind: 'exact' },
      ...{ operation: found.operation, guard, tolerance, pairs: cell.pairs.length, values: [] },
      base: exactFigure(metric, found.base),
      head: exactFigure(metric, found.head),
    },
    finding: exactFinding(metric, tolerance, found),
  };
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
  const most = calls.sort(([, a], [, b]) => b - a)[0] ?? null;
  const head = metric === 'bundleSize' ? bundlesOf(cell, bundles).head?.bytes : most?.[1];
  const finding: Finding =
    head === undefined
      ? absent(metric, 'head')
      : {
          kind: 'settled',
          verdict: head <= limit ? 'pass' : 'fail',
          reason: exactBudgetReason(metric, head, limit),
          change: { value: head, low: null, high: null },
        };
  return {
    about: {
      ...{ cellId: cell.cellId, label: cell.label, metric, kind: 'budget', guard: false },
      ...{ operation: most?.[0] ?? null, tolerance: limit, pairs: cell.heads.length, values: [] },
      base: null,
      head: exactFigure(metric, head ?? null),
    },
    finding,
  };
}

/** null of a cell of which no call was traced: it makes none, or its calls are not traced. */
export function callsOf(cell: CellAnalysis | null): CallsByOperation | null {
  const operations = cell?.byOperation ?? [];
  if (operations.every(({ medianBackendCalls }) => medianBackendCalls === null)) return null;
  return Object.fromEntries(
    operations.map(({ operation, medianBackendCalls }) => [operation, medianBackendCalls ?? 0]),
  );
}

/** Of the operations both sides have, that whose calls grew by the largest factor. */
export function mostGrown(base: CallsByOperation | null, head: CallsByOperation | null): Exact {
  const growth = (before: number, after: number) =>
    before === after ? 1 : before === 0 ? Number.POSITIVE_INFINITY : after / before;
  const shared = Object.entries(head ?? {}).flatMap(([operation, after]) => {
    const before = base?.[operation];
    return before === undefined ? [] : [{ operation, before, after }];
  });
  const most = shared.sort((a, b) => growth(b.before, b.after) - growth(a.before, a.after))[0];
  if (most !== undefined) {
    return { operation: most.operation, base: most.before, head: most.after };
  }
  const highest = (calls: CallsByOperation | null) =>
    calls === null ? null : Math.max(...Object.values(calls));
  return { operation: null, base: highest(base), head: highest(head) };
}
