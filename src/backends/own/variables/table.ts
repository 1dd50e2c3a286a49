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
