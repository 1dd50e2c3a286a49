import type { GatePlan } from '../../model/gate.ts';
import { METRIC_KIND } from '../../model/gate.ts';
import type { BundleFacts } from '../../model/run.ts';
import type { ExactMetric, RatioMetric, ShareMetric } from '../metrics.ts';
import type { Looked } from '../progress.ts';
import type { GateCell } from '../sides.ts';
import { budgetRow } from './budget.ts';
import { differenceRow } from './difference.ts';
import type { Draft } from './draft.ts';
import { exactRow } from './exact.ts';
import { ratioRow } from './ratio.ts';
import { baselineRow } from './stored.ts';

/** All rows of a gate, by cell: what is compared with base, then the cell's budgets. */
export function draftRows(
  cells: readonly GateCell[],
  plan: GatePlan,
  looked: Looked,
  bundles: readonly BundleFacts[],
): Draft[] {
  return cells.flatMap((cell) => [
    ...plan.metrics.flatMap((asked) => comparedRow(cell, asked, plan, looked, bundles)),
    ...plan.budgets
      .filter(({ cellId }) => cellId === cell.cellId)
      .map((budget) => budgetRow(cell, budget, looked, bundles)),
  ]);
}

/** None in mode `budgets`. */
function comparedRow(
  cell: GateCell,
  asked: GatePlan['metrics'][number],
  plan: GatePlan,
  looked: Looked,
  bundles: readonly BundleFacts[],
): Draft[] {
  if (plan.mode === 'budgets') return [];
  if (plan.mode === 'baseline') return [baselineRow(cell, asked, plan, looked, bundles)];
  const { metric } = asked;
  switch (METRIC_KIND[metric]) {
    case 'ratio':
      return [ratioRow(cell, { ...asked, metric: metric as RatioMetric }, looked)];
    case 'difference':
      return [differenceRow(cell, { ...asked, metric: metric as ShareMetric }, looked)];
    case 'exact':
      return [exactRow(cell, { ...asked, metric: metric as ExactMetric }, bundles)];
  }
}
