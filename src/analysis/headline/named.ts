import type { CellAnalysis } from '../../model/analysis.ts';
import { commonQuantile, type QuantileName } from '../../model/common-quantile.ts';
import type { Figure } from '../../model/figure.ts';

/** A cell with the name it has among the others of its run. */
export interface Named {
  name: string;
  cell: CellAnalysis;
}

/** Of many cells, only the extremes are named. */
export const NAMED_AT_MOST = 4;

/** The best percentile that every one of them has. */
export function sharedQuantile(named: readonly Named[]): QuantileName | undefined {
  return commonQuantile(named.map(({ cell }) => cell))?.name;
}

/** Those that have the figure, the lowest first. */
export function rankedBy(named: readonly Named[], figure: (cell: CellAnalysis) => Figure): Named[] {
  return named
    .filter(({ cell }) => figure(cell).value !== null)
    .sort((a, b) => (figure(a.cell).value as number) - (figure(b.cell).value as number));
}
