import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES, type TableName } from '../model/tables.ts';
import { type Database, literal } from '../store/tables/database.ts';

const ORDER: Record<TableName, string> = {
  requests: 'started_us, join_key',
  invocations: 'reported_us, request_id',
  spans: 'trace_id, started_us, span_id',
  metrics: 'namespace, metric, dimensions, statistic, at_us',
  breakdown: 'started_us, join_key',
};

const partial = (trialFolder: string, name: TableName) =>
  join(trialFolder, `${name}.parquet.partial`);

/**
 * Writes a table of this name with exactly the model's columns, under a name of its own until
 * `publishTables`, and drops it: what is on disk need not be in memory, too.
 */
export async function writeTable(
  database: Database,
  name: TableName,
  trialFolder: string,
): Promise<void> {
  const columns = Object.entries(TABLES[name])
    .map(([column, type]) => `${column}::${type} as ${column}`)
    .join(', ');
  await database.run(
    `copy (select ${columns} from ${name} order by ${ORDER[name]})
     to ${literal(partial(trialFolder, name))} (format parquet, compression zstd)`,
  );
  await database.run(`drop table ${name}`);
}

/** Gives the written tables their names: after the last is whole, so a crash leaves the old ones. */
export function publishTables(trialFolder: string): void {
  for (const name of Object.keys(TABLES) as TableName[]) {
    renameSync(partial(trialFolder, name), join(trialFolder, `${name}.parquet`));
  }
}
