import { REVISIONS } from '../../model/endpoint.ts';
import type { Baseline, GatePlan } from '../../model/gate.ts';
import type { Cell, Plan } from '../../model/run.ts';
import { withRevision } from '../../model/sides.ts';
import { budgetsOf, checkRequestsOfP99, gatingCells } from './gating-cells.ts';
import type { GateOptions } from './options.ts';

/**
 * A plan as a gate runs it: of the cells that gate both sides, base first, or where there is nothing
 * to compare with on this machine the cells as they are; as many rounds as there may be pairs.
 * Throws UsageError for patterns that match no cell, and for a p99 of too few requests.
 */
export function gatedPlan(
  plan: Plan,
  options: GateOptions,
  sides: Pick<GatePlan, 'base' | 'head'>,
  baseline: Baseline | null,
): Plan {
  const gating = gatingCells(plan.cells, options);
  const budgets = budgetsOf(plan.cells, gating, options);
  if (options.metrics.some(({ metric }) => metric === 'p99')) {
    for (const cell of gating) checkRequestsOfP99(cell, options.metricsNamed);
  }
  for (const { cell, metric, named } of budgets) {
    if (metric === 'p99') checkRequestsOfP99(cell, named);
  }
  const mode = modeOf(options);
  return {
    ...plan,
    cells: mode === 'paired' ? gating.flatMap(bothSides) : gating,
    rounds: options.maxPairs,
    initProbes: options.initProbes,
    gate: {
      mode,
      ...sides,
      alpha: options.alpha,
      minPairs: options.minPairs,
      maxPairs: options.maxPairs,
      budgetS: options.budgetS,
      metrics: [...options.metrics],
      budgets: budgets.map(({ cell, metric, limit }) => ({ cellId: cell.id, metric, limit })),
      cellIds: gating.map(({ id }) => id),
      skipSame: options.skipSame && mode === 'paired',
      baseline,
    },
  };
}

function modeOf({ sides }: GateOptions): GatePlan['mode'] {
  switch (sides.kind) {
    case 'revision':
    case 'handlers':
      return 'paired';
    case 'baseline':
      return 'baseline';
    case 'budgets':
      return 'budgets';
  }
}

function bothSides(cell: Cell): Cell[] {
  return REVISIONS.map((revision) => ({
    ...cell,
    id: withRevision(cell.id, revision),
    endpoint: { ...cell.endpoint, revision },
  }));
}
