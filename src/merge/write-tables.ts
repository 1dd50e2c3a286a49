import { copyFileSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES, type TableName } from '../model/tables.ts';
import { type Database, literal } from '../store/tables/database.ts';

const GROUP_ROWS = 32_768;

/** Where a table is until it is published. */
export const partial = (trialFolder: string, name: TableName) =>
  join(trialFolder, `${name}.parquet.partial`);

/**
 * Writes a table of what `relation` holds, with exactly the model's columns, in no order (sorting takes
 * as long as writing, and whoever reads a table by time sorts what they ask for), under a name of its
 * own until `publishTables`. Level 1 takes 15% less time than zstd's default of 3 for 2% more bytes. A
 * dictionary of more than a thousand values is given up: of ids it would hold thousands in vain. Groups of
 * a quarter of DuckDB's own choice keep both threads at work to the end, where the table is read again, too.
 * @returns how many rows there are.
 */
export async function writeTable(
  database: Database,
  name: Exclude<TableName, 'spans'>,
  relation: string,
  trialFolder: string,
): Promise<number> {
  const columns = Object.entries(TABLES[name])
    .map(([column, type]) => `${column}::${type} as ${column}`)
    .join(', ');
  const { Count } = await database.row<{ Count: number }>(
    `copy (select ${columns} from ${relation})
     to ${literal(partial(trialFolder, name))} (format parquet, compression zstd, compression_level 1, dictionary_size_limit 1000, row_group_size ${GROUP_ROWS})`,
  );
  return Count;
}

/**
 * Takes the spans' file as it is: its rows were written as the model has them. It stays where it was,
 * too, as one file under two names where the disk knows that.
 * @returns how many spans there are.
 */
export async function takeSpans(
  database: Database,
  file: string | null,
  trialFolder: string,
): Promise<number> {
  const target = partial(trialFolder, 'spans');
  if (file === null) {
    const columns = Object.entries(TABLES.spans).map(([name, type]) => `null::${type} as ${name}`);
    await database.run(
      `copy (select ${columns.join(', ')} where false) to ${literal(target)} (format parquet)`,
    );
    return 0;
  }
  rmSync(target, { force: true });
  try {
    linkSync(file, target);
  } catch {
    // No such links here: a copy does as well.
    copyFileSync(file, target);
  }
  const { spans } = await database.row<{ spans: number }>(
    `select count(*) as spans from read_parquet(${literal(target)})`,
  );
  return spans;
}

/** Gives the written tables their names: after the last is whole, so a crash leaves the old ones. */
export function publishTables(trialFolder: string): void {
  for (const name of Object.keys(TABLES) as TableName[]) {
    renameSync(partial(trialFolder, name), join(trialFolder, `${name}.parquet`));
  }
}
