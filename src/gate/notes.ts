import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import { hasSameCode } from './bundles.ts';
import type { Looked } from './progress.ts';
import { type GateCell, lastRound } from './sides.ts';

/** What else a reader should know, as sentences. */
export function notesOf(analysis: Analysis, cells: readonly GateCell[], looked: Looked): string[] {
  const notes: string[] = [];
  if (looked.brokeOff) {
    const rounds = lastRound(cells);
    const after = rounds === 1 ? 'its first round' : `round ${rounds}`;
    notes.push(
      `The run broke off ${rounds === 0 ? 'before its first round' : `in or after ${after}`}.`,
    );
  }
  for (const cell of cells) {
    if (hasSameCode(cell, analysis.run.bundles)) {
      notes.push(`${cell.label}: the code of both sides is the same byte for byte.`);
    }
    notes.push(...failureNotes(cell, analysis), ...doubtNotes(cell));
  }
  return notes;
}

/** Failures are fast: without a base nothing compares them, and a budget for latency does not see them. */
function failureNotes(cell: GateCell, { run }: Analysis): string[] {
  const plan = run.plan.gate;
  const failures = cell.heads.reduce((sum, trial) => sum + trial.failures, 0);
  const limited = plan?.budgets.some(
    ({ cellId, metric }) => cellId === cell.cellId && metric === 'errorRate',
  );
  if (plan?.mode !== 'budgets' || limited === true || failures === 0) return [];
  const shown = (count: number) => count.toLocaleString('en');
  const requests = cell.heads.reduce((sum, trial) => sum + trial.requests, 0);
  return [
    `${cell.label}: ${shown(failures)} of ${shown(requests)} requests failed, and no budget limits errorRate.`,
  ];
}

/** Each check once, with the first trial that counts and is doubtful by it. */
function doubtNotes(cell: GateCell): string[] {
  const found = new Map<string, { text: string; trials: number }>();
  const sides: [string, CellAnalysis | null][] = [
    ['base', cell.base],
    ['head', cell.head],
  ];
  for (const [side, of] of sides) {
    for (const { trial, spoiled, used, reasons } of of?.validity.trials ?? []) {
      if (spoiled || !used) continue;
      for (const reason of reasons) {
        const check = reason.split(':')[0] as string;
        const known = found.get(check);
        const where = cell.base === null ? `round ${trial}` : `${side}, round ${trial}`;
        if (known === undefined) found.set(check, { text: `${reason} (${where}`, trials: 1 });
        else known.trials += 1;
      }
    }
  }
  return [...found.values()].map(({ text, trials }) => {
    const more = trials === 1 ? '' : `, and ${trials - 1} more trial${trials === 2 ? '' : 's'}`;
    return `${cell.label}: ${text}${more}).`;
  });
}
