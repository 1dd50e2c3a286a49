import type { CellAnalysis } from '../model/analysis.ts';

/** Trials whose figures do not count, with the reasons as one text. `cell` is an index. */
export function leftOutOf(
  cells: readonly CellAnalysis[],
): { cell: number; trial: number; reasons: string }[] {
  return cells.flatMap(({ validity }, cell) =>
    validity.trials
      .filter(({ used }) => !used)
      .map(({ trial, reasons }) => ({
        cell,
        trial,
        reasons: reasons.length > 0 ? reasons.join('; ') : 'it has no figures',
      })),
  );
}
