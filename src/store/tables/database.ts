import { mkdirSync } from 'node:fs';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBListVector,
} from '@duckdb/node-api';
import { messageOf, ToolError } from '../../base/errors.ts';

/** A value of a row: BIGINT and HUGEINT come as numbers (all of ours are below 2^53). */
export type Cell = string | number | boolean | null;

/** Where DuckDB works. Its resident memory exceeds `memoryMb` by up to 0.9 GB at the worst. */
export interface DatabaseOptions {
  /** Spills here; made if it does not exist. */
  tempFolder: string;
  /** @default 1024 */
  memoryMb?: number;
  /** @default 2 */
  threads?: number;
}

/** An in-process DuckDB in memory: the one place that knows its API. Close it. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    mkdirSync(options.tempFolder, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryMb ?? 1024}MB`,
      threads: String(options.threads ?? 2),
      temp_directory: options.tempFolder,
      preserve_insertion_order: 'false',
    });
    return new Database(instance, await instance.connect());
  }

  async run(sql: string): Promise<void> {
    await expected(this.#connection.run(sql));
  }

  /** All rows of a query of our own; the caller states their shape. */
  async rows<Row extends Record<string, Cell>>(sql: string): Promise<Row[]> {
    const reader = await expected(this.#connection.runAndReadAll(sql));
    const rows = reader.getRowObjectsJS();
    for (const row of rows) {
      for (const key in row) {
        const value = row[key];
        if (typeof value === 'bigint') row[key] = Number(value);
      }
    }
    return rows as Row[];
  }

  /** The only row of a query that has one. */
  async row<Row extends Record<string, Cell>>(sql: string): Promise<Row> {
    const [row] = await this.rows<Row>(sql);
    if (row === undefined) throw new Error(`no row from: ${sql}`);
    return row;
  }

  /**
   * The values of a query of two columns, an integer group and a number, by group, ascending. Rows
   * without a group or a value are left out. The quick way to many values.
   */
  async groups(sql: string): Promise<Map<number, Float64Array>> {
    const result = await expected(
      this.#connection.run(
        `select own::integer, list(x::double) from (${sql}) as asked(own, x)
         where own is not null and x is not null group by own`,
      ),
    );
    const found = new Map<number, Float64Array>();
    for (const chunk of await expected(result.fetchAllChunks())) {
      const lists = chunk.getColumnVector(1) as DuckDBListVector;
      const values = lists.childVector;
      for (let row = 0; row < chunk.rowCount; row += 1) {
        const offset = lists.getEntryOffset(row);
        const sorted = new Float64Array(lists.getEntryLength(row));
        for (let i = 0; i < sorted.length; i += 1) {
          sorted[i] = values.getItem(offset + i) as number;
        }
        found.set(chunk.getColumnVector(0).getItem(row) as number, sorted.sort());
      }
    }
    return found;
  }

  /** The texts of a query of one column, in its order; for many: 80 bytes each, a row object takes 300. */
  async texts(sql: string): Promise<string[]> {
    const result = await expected(this.#connection.run(sql));
    const texts: string[] = [];
    for (;;) {
      const chunk = await expected(result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return texts;
      const column = chunk.getColumnVector(0);
      for (let row = 0; row < chunk.rowCount; row += 1) texts.push(column.getItem(row) as string);
    }
  }

  /** Row by row, the fastest way in that was measured (1.3 µs a row of eight; chunks 2.5). */
  appender(table: string): Promise<DuckDBAppender> {
    return this.#connection.createAppender(table);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A disk or memory that is full and a file that is damaged are no defects of ours. */
async function expected<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const [first = ''] = messageOf(error).split('\n');
    const foreign = /^(IO|Out of Memory|Invalid Input|Serialization) Error/.test(first);
    const named = /\.(parquet|csv)/.test(first) || /^(IO|Out of Memory)/.test(first);
    if (!foreign || !named) throw error;
    throw new ToolError(`reading or writing tables failed: ${first}`, { cause: error });
  }
}

/** A string literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
