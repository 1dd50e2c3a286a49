import type { CellAnalysis } from '../model/analysis.ts';
import { rankingQuantile } from '../model/common-quantile.ts';
import type { Part } from '../model/tables.ts';

/** Colours are variables of reports/page/style/colours.css, which knows them for light, dark and print. */
export const CELL_COLOURS = 8;
const MANY = 'many';

/**
 * The names of cells' colours, `1` to `8`. Of more cells only those with the lowest and the highest
 * p99 (or what percentile all have) have one and all others are grey: no colour stands for two cells.
 */
export function cellColours(cells: readonly CellAnalysis[]): string[] {
  if (cells.length <= CELL_COLOURS) return cells.map((_, index) => String(index + 1));
  const { name } = rankingQuantile(cells);
  const ranked = cells
    .map(({ latency, validity }, index) => ({ index, ms: latency[name].value, ...validity }))
    .filter(({ ms, state }) => ms !== null && state !== 'void')
    .sort((a, b) => (a.ms ?? 0) - (b.ms ?? 0));
  const ends = [ranked[0]?.index, ranked.at(-1)?.index];
  return cells.map((_, index) => {
    const end = ends.indexOf(index);
    return end === -1 ? MANY : String(end + 1);
  });
}

export function colourVariable(name: string): string {
  return `var(--cell-${name})`;
}

export function partColour(part: Part): string {
  return `var(--part-${part})`;
}
