import type { DataTable, PageData, Value } from '../../src/report/charts/chart.ts';

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

export function readPage(): PageData {
  return JSON.parse(textOf('page-data')) as PageData;
}

export function textOf(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}
