import type { DataTable, PageData, Value } from '../../src/report/charts/chart.ts';
import { unfoldColumns } from './unfold-columns.ts';

export type { DataTable, PageData, Value, VegaSpec } from '../../src/report/charts/chart.ts';

export type Row = Record<string, unknown>;

/** Rows as objects; a cell or a part, which is a number in the data, brings its name and colour. */
export function rowsOf(table: DataTable, page: PageData): Row[] {
  return table.rows.map((values) => {
    const row: Row = {};
    table.columns.forEach((column, i) => {
      row[column.field] = values[i];
    });
    const cell = typeof row.cell === 'number' ? page.cells[row.cell] : undefined;
    if (cell) Object.assign(row, cell);
    const part = typeof row.part === 'number' ? page.parts[row.part] : undefined;
    if (part) Object.assign(row, { partLabel: part.label, partColour: part.colour });
    return row;
  });
}

/** A value as the table shows it. */
export function shown(field: string, value: Value | undefined, page: PageData): string {
  if (value === null || value === undefined) return '–';
  if (field === 'cell' && typeof value === 'number') return page.cells[value]?.label ?? '';
  if (field === 'part' && typeof value === 'number') return page.parts[value]?.label ?? '';
  return String(value);
}

export async function readPage(): Promise<PageData> {
  return (await unpacked('page-data')) as PageData;
}

/** What a script element holds: JSON, or its columns, gzip in base64, where it is long. */
export async function unpacked(id: string): Promise<unknown> {
  const element = document.getElementById(id);
  const text = element?.textContent ?? '';
  if (element?.dataset.packed !== 'columns gzip') return JSON.parse(text);
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return unfoldColumns(await new Response(stream).json());
}
