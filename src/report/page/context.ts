import type { Analysis } from '../../model/analysis.ts';
import type { Chart } from '../charts/chart.ts';
import { type Named, usable } from '../findings.ts';
import { type CellNames, nameCells } from '../labels.ts';

/** What every section of the page is made from; sections add the charts they show. */
export interface PageContext {
  analysis: Analysis;
  names: CellNames;
  /** Cells that are not void. */
  named: Named[];
  charts: Chart[];
}

export function pageContext(analysis: Analysis): PageContext {
  const names = nameCells(analysis.cells.map((cell) => cell.cell));
  return { analysis, names, named: usable(analysis.cells, names.labels), charts: [] };
}
