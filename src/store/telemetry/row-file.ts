import { statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createRawFile, type RawFile } from '../raw-file.ts';
import { type Database, literal } from '../tables/database.ts';

/** A value of a row. Numbers are whole. */
export type RowValue = string | number | boolean | null;

const BLOCK_CHARACTERS = 1 << 16;
const NEEDS_QUOTES = /[",\r\n]/;
/** A line with every problem of a trace. */
const MOST_LINE_BYTES = 4_000_000;
/** Of DuckDB's reader, for each thread; 64 MB unless told, with lines as long as these. */
const READ_BYTES = 2 * MOST_LINE_BYTES;
/** Rows that each thread holds of the Parquet file: a quarter of DuckDB's own choice, and of its memory. */
const GROUP_ROWS = 32_768;

/**
 * Rows that are written while they come, as CSV, which costs the writer least (2 µs a row of eleven;
 * DuckDB's appender 8), and are one Parquet file in the end: the conversion is DuckDB's, with all its
 * threads and none of ours.
 */
export class RowFile {
  readonly #path: string;
  readonly #csvPath: string;
  readonly #columns: Readonly<Record<string, string>>;
  readonly #file: RawFile;
  #block = '';

  /** @param columns with DuckDB's types. @param path of the Parquet file. */
  constructor(path: string, columns: Readonly<Record<string, string>>) {
    this.#path = path;
    this.#csvPath = `${path}.csv`;
    this.#columns = columns;
    this.#file = createRawFile(this.#csvPath);
  }

  /** Adds a row; where a promise comes back, more may be added when it resolves. */
  add(values: readonly RowValue[]): Promise<void> | undefined {
    let row = '';
    for (let i = 0; i < values.length; i += 1) {
      if (i > 0) row += ',';
      const value = values[i] as RowValue;
      if (typeof value === 'number') row += value;
      else if (typeof value === 'boolean') row += value ? '1' : '0';
      else if (value !== null) row += textOf(value);
    }
    this.#block += `${row}\n`;
    if (this.#block.length < BLOCK_CHARACTERS) return undefined;
    const block = this.#block;
    this.#block = '';
    return this.#file.write(block);
  }

  /** All rows are in the file; no more come. */
  async close(): Promise<void> {
    await this.#file.write(this.#block);
    this.#block = '';
    await this.#file.finish();
  }

  /** A table expression of the rows, once closed. */
  rows(): string {
    const columns = Object.entries(this.#columns);
    // DuckDB does not read an empty file.
    if (statSync(this.#csvPath).size === 0) {
      return `(select ${columns.map(([name, type]) => `null::${type} as ${name}`).join(', ')} where false)`;
    }
    const types = columns.map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(', ');
    return `read_csv(${literal(this.#csvPath)}, header = false, auto_detect = false, delim = ',',
      quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false,
      columns = {${types}}, max_line_size = ${MOST_LINE_BYTES}, buffer_size = ${READ_BYTES})`;
  }

  /**
   * Makes the Parquet file, once closed; it is there when it is whole.
   * @param condition of the rows that stay; null: all
   */
  async publish(
    database: Database,
    columns: readonly string[],
    condition: string | null = null,
  ): Promise<void> {
    const partial = `${this.#path}.partial`;
    const where = condition === null ? '' : ` where ${condition}`;
    await database.run(
      `copy (select ${columns.join(', ')} from ${this.rows()}${where})
       to ${literal(partial)} (format parquet, compression zstd, compression_level 1, row_group_size ${GROUP_ROWS})`,
    );
    await rename(partial, this.#path);
    await rm(this.#csvPath, { force: true });
  }

  /** Removes what is no Parquet file. */
  async discard(): Promise<void> {
    await this.#file.discard();
    for (const path of [this.#csvPath, `${this.#path}.partial`]) await rm(path, { force: true });
  }
}

/** Whether rows were made of all that the raw file holds: it is not newer, or is not there any more. */
export function isCurrent(rows: string, raw: string): boolean {
  const [made, changed] = [rows, raw].map((path) => statSync(path, { throwIfNoEntry: false }));
  return made !== undefined && (changed === undefined || made.mtimeMs >= changed.mtimeMs);
}

/** Empty text is quoted: without quotes it is null. */
function textOf(value: string): string {
  return value === '' || NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
