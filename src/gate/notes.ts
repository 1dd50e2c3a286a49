import { listed } from '../base/words.ts';
import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import { withoutRevision } from '../model/sides.ts';
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
    if (cell.cell === null) notes.push(`${cell.cellId} gates and is no cell of this run.`);
    notes.push(...doubtNotes(cell));
  }
  const others = analysis.cells
    .map(({ cell }) => withoutRevision(cell.id))
    .filter((id) => !cells.some(({ cellId }) => cellId === id));
  const left = [...new Set(others)];
  if (left.length > 0) {
    notes.push(`Measured, and not judged: ${listed(left)}.`);
  }
  return notes;
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
