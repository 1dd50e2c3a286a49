import type { Part } from '../model/tables.ts';

/** Colours are variables of reports/page/style/colours.css, which knows them for light, dark and print. */
export const CELL_COLOURS = 8;
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 2, 2, 2],
] as const;

/** A cell's colour and, beyond eight cells, the dash that tells it from the others of its colour. */
export function cellStyle(index: number): { colour: string; dash: number[] } {
  const dash = DASHES[Math.floor(index / CELL_COLOURS) % DASHES.length] ?? [1, 0];
  return { colour: `var(--cell-${(index % CELL_COLOURS) + 1})`, dash: [...dash] };
}

export function partColour(part: Part): string {
  return `var(--part-${part})`;
}
