/** What the page's script (reports/page) is given; it imports these types and nothing else of src. */
export type Value = string | number | boolean | null;

/**
 * Rows by column. A column with an empty header is left out of the table behind the chart. A number
 * in `cell` or `part` is an index into PageData, whose names and colours the page adds to the row.
 */
export interface DataTable {
  title: string;
  columns: { field: string; header: string }[];
  rows: Value[][];
}

/** A chart to draw: a spec of reports/charts with its data by name and its signals. */
export interface Chart {
  /** Unique in the page. */
  id: string;
  /** `percentiles` is reports/charts/percentiles.vl.json. */
  spec: string;
  height: number;
  signals: Record<string, Value | number[]>;
  data: Record<string, DataTable>;
}

export interface VegaSpec {
  data?: { name: string; values?: unknown }[];
  [key: string]: unknown;
}

export interface PageData {
  cells: { label: string; colour: string; isVoid: boolean }[];
  parts: { label: string; colour: string }[];
  specs: Record<string, VegaSpec>;
  charts: Record<string, Omit<Chart, 'id'>>;
  /** Name of the file the analysis is saved as. */
  analysisFile: string;
}

/** A number for a chart: four significant digits, which no screen shows more of. */
export function short(value: number): number;
export function short(value: number | null): number | null;
export function short(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(4));
}

/** The largest positive number; null where there is none. Lists may be too long to be arguments. */
export function largest(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (best, v) => (v !== null && v > 0 && (best === null || v > best) ? v : best),
    null,
  );
}

/** The smallest positive number; null where there is none. */
export function smallest(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (best, v) => (v !== null && v > 0 && (best === null || v < best) ? v : best),
    null,
  );
}
