/**
 * Rows of all operations together. k6 takes about 3.6 KB a row while it starts, and 100,000 rows delay
 * its start by 3 s (measured with k6 2.2, rows of 50 bytes): this many are some 800 MB.
 */
export const MAX_ROWS = 200_000;

/** Rows of variables as a file has them. */
export interface Table {
  /** Names that occur, in the order they were seen. */
  columns: string[];
  rows: TableRow[];
  /** Whether values are JSON's own, or text that is still to be converted. */
  typed: boolean;
}

export interface TableRow {
  /** Of the file, from 1. */
  line: number;
  values: Record<string, unknown>;
  /** The `data` the answer must be; undefined where none was said. */
  expected?: unknown;
}
