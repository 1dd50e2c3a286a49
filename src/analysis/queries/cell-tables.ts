import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { TABLES, type TableName } from '../../model/tables.ts';
import { type Database, literal } from '../../store/tables/database.ts';

/** A trial of a cell with its Parquet files. */
export interface TrialFiles {
  trial: number;
  folder: string;
}

const USED = ['requests', 'breakdown', 'invocations', 'spans'] as const;

/** What is wrong with a trial's Parquet files, null where they can be read or are not there. */
export async function damageOf(database: Database, folder: string): Promise<string | null> {
  for (const name of USED) {
    const file = join(folder, `${name}.parquet`);
    if (!existsSync(file)) continue;
    try {
      // All of it: a footer may be whole where the data is not.
      await database.run(
        `select ${Object.keys(TABLES[name])
          .map((column) => `count(${column})`)
          .join(', ')} from read_parquet(${literal(file)})`,
      );
    } catch (error) {
      return `${file} cannot be read (${messageOf(error).split('\n')[0]})`;
    }
  }
  return null;
}

/**
 * Makes the views `requests`, `breakdown`, `invocations` and `spans` over the trials of one cell, with
 * a column `trial` in front. A trial without such a file has no rows in it.
 */
export async function openCell(database: Database, trials: readonly TrialFiles[]): Promise<void> {
  for (const name of USED) {
    const parts = trials
      .map(({ trial, folder }) => ({ trial, file: join(folder, `${name}.parquet`) }))
      .filter(({ file }) => existsSync(file))
      .map(
        ({ trial, file }) =>
          `select ${trial}::integer as trial, * from read_parquet(${literal(file)})`,
      );
    const sql = parts.length > 0 ? parts.join(' union all by name ') : emptyTable(name);
    await database.run(`create or replace view ${name} as ${sql}`);
  }
}

function emptyTable(name: TableName): string {
  const columns = Object.entries(TABLES[name]).map(
    ([column, type]) => `null::${type} as ${column}`,
  );
  return `select null::integer as trial, ${columns.join(', ')} where false`;
}
