import type { Analysis } from '../../model/analysis.ts';
import { type CellNames, nameCells } from '../../model/cell-names.ts';
import type { Chart } from '../charts/chart.ts';
import { cellColours } from '../colours.ts';
import { type Named, usable } from '../findings.ts';

/** What every section of the page is made from; sections add the charts they show. */
export interface PageContext {
  analysis: Analysis;
  names: CellNames;
  /** Cells that are not void. */
  named: Named[];
  charts: Chart[];
  /** Names of the cells' colours. */
  colours: string[];
}

export function pageContext(analysis: Analysis): PageContext {
  const names = nameCells(analysis.cells.map((cell) => cell.cell));
  const named = usable(analysis.cells, names.labels);
  return { analysis, names, named, charts: [], colours: cellColours(analysis.cells) };
}
