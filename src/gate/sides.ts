import type { Analysis, CellAnalysis, PerTrial } from '../model/analysis.ts';
import { nameCells } from '../model/cell-names.ts';
import type { GatePlan, GateResult } from '../model/gate.ts';
import type { Cell } from '../model/run.ts';
import { withRevision } from '../model/sides.ts';

/** A round in which neither side's trial is spoiled. */
export interface Pair {
  round: number;
  base: PerTrial;
  head: PerTrial;
}

/** A cell that gates, with its sides. */
export interface GateCell {
  /** Without the revision. */
  cellId: string;
  /** `dynamo · 1024 MB` */
  label: string;
  /** As planned; of a gate with base, head's. */
  cell: Cell;
  /** null in a gate without base, and where nothing was measured. */
  base: CellAnalysis | null;
  head: CellAnalysis | null;
  /** Ascending; empty in a gate without base. */
  pairs: Pair[];
  /** Trials of head that count by themselves, ascending: what budgets are judged by. */
  heads: PerTrial[];
  void: GateResult['rounds']['void'];
}

/** The gating cells in the order of the plan. */
export function gateCells(analysis: Analysis, plan: GatePlan): GateCell[] {
  const planned = plan.cellIds.flatMap((cellId) => {
    const id = withRevision(cellId, plan.mode === 'paired' ? 'head' : null);
    const cell = analysis.run.plan.cells.find((one) => one.id === id);
    return cell === undefined ? [] : { cellId, cell };
  });
  const { labels } = nameCells(planned.map(({ cell }) => cell));
  return planned.map(({ cellId, cell }, i) => {
    const head = analysis.cells.find((one) => one.cell.id === cell.id) ?? null;
    const baseId = plan.mode === 'paired' ? withRevision(cellId, 'base') : null;
    const base = analysis.cells.find((one) => one.cell.id === baseId) ?? null;
    const heads = countedTrials(head);
    const bases = new Map(countedTrials(base).map((trial) => [trial.trial, trial]));
    return {
      cellId,
      label: labels[i] as string,
      cell,
      base,
      head,
      heads,
      pairs: heads.flatMap((trial) => {
        const other = bases.get(trial.trial);
        return other === undefined ? [] : { round: trial.trial, base: other, head: trial };
      }),
      void: voidRounds(cellId, plan.mode === 'paired' ? { base, head } : { head }),
    };
  });
}

export function countedTrials(cell: CellAnalysis | null): PerTrial[] {
  const spoiled = new Set(
    cell?.validity.trials.filter((one) => one.spoiled).map(({ trial }) => trial),
  );
  return (cell?.perTrial ?? [])
    .filter(({ trial }) => !spoiled.has(trial))
    .sort((a, b) => a.trial - b.trial);
}

/** The last round that left a trial of a cell; 0 of none. */
export function lastRound(cells: readonly GateCell[]): number {
  const trials = cells.flatMap(({ base, head }) =>
    [base, head].flatMap((side) => side?.validity.trials.map(({ trial }) => trial) ?? []),
  );
  return trials.reduce((most, trial) => Math.max(most, trial), 0);
}

/** Of every round that one of the sides has: what keeps it from counting. */
function voidRounds(
  cellId: string,
  sides: Partial<Record<'base' | 'head', CellAnalysis | null>>,
): GateResult['rounds']['void'] {
  const present = Object.values(sides).flatMap((side) => side?.validity.trials ?? []);
  const rounds = [...new Set(present.map(({ trial }) => trial))].sort((a, b) => a - b);
  return rounds.flatMap((round) =>
    (['base', 'head'] as const).flatMap((side) => {
      if (!(side in sides)) return [];
      const reason = whyVoid(sides[side] ?? null, round);
      return reason === null ? [] : { cellId, round, side, reason };
    }),
  );
}

function whyVoid(cell: CellAnalysis | null, round: number): string | null {
  const judged = cell?.validity.trials.find(({ trial }) => trial === round);
  if (judged === undefined) return 'there is no trial of this round';
  const measured = cell?.perTrial.some(({ trial }) => trial === round) === true;
  if (!judged.spoiled && measured) return null;
  return judged.reasons.join('; ') || 'its figures are left out';
}
