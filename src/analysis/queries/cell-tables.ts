import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { LATER_COLUMNS, TABLES, type TableName } from '../../model/tables.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { MEASURED } from './latencies.ts';

/** A trial of a cell with its Parquet files. */
export interface TrialFiles {
  trial: number;
  folder: string;
}

const IN_MEMORY = ['requests', 'breakdown', 'invocations'] as const;
const USED = [...IN_MEMORY, 'spans'] as const;

/** Columns no figure is made of. */
const UNUSED: Partial<Record<TableName, readonly string[]>> = {
  requests: [
    ...['trace_id', 'request_id', 'scenario', 'connecting_us', 'tls_us'],
    ...['waiting_us', 'receiving_us'],
  ],
  invocations: ['trace_id', 'function_name', 'memory_mb', 'reported_us', 'status'],
};

/**
 * Long strings that are only ever compared: a number made of each takes half the time to read and to
 * join by. Two of 10⁶ fall together with a probability of 3 · 10⁻⁸.
 */
const HASHED: readonly string[] = ['trace_id', 'request_id', 'environment'];

const isLater = (name: TableName, column: string) => LATER_COLUMNS[name]?.includes(column) === true;

/** What is wrong with a trial's Parquet files, null where they can be read or are not there. */
export async function damageOf(database: Database, folder: string): Promise<string | null> {
  for (const name of USED) {
    const file = join(folder, `${name}.parquet`);
    if (!existsSync(file)) continue;
    try {
      // All of it: a footer may be whole where the data is not.
      await database.run(
        `select ${Object.keys(TABLES[name])
          .filter((column) => !isLater(name, column))
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
 * Makes, of the trials of one cell and with a column `trial` in front:
 * - tables `requests`, `breakdown` and `invocations` with the columns that figures are made of; ids are
 *   hashes, good for joins alone;
 * - a table `ranked` of the answered requests of hold: rank by latency within their trial, from 1, and
 *   their number n;
 * - a view `spans`, ids hashed, too;
 * - a view `explained` of the rows of `breakdown` that parts may be told of: see EXPLAINED.
 * A trial without such a file has no rows in it. Fails where a file is damaged: ask `damageOf`.
 */
export async function openCell(
  database: Database,
  trials: readonly TrialFiles[],
  { sampled = false }: { sampled?: boolean } = {},
): Promise<void> {
  for (const name of IN_MEMORY) {
    await database.run(`create or replace temp table ${name} as ${rowsOf(name, trials)}`);
  }
  const explained = sampled ? EXPLAINED : 'select * from breakdown';
  await database.run(`create or replace temp view explained as ${explained}`);
  await openRest(database, trials);
}

/** Leaves out the trials of an open cell that do not count. */
export async function keepTrials(database: Database, trials: readonly TrialFiles[]): Promise<void> {
  const numbers = trials.map(({ trial }) => trial);
  for (const name of IN_MEMORY) {
    await database.run(`delete from ${name} where not list_contains([${numbers}], trial)`);
  }
  await openRest(database, trials);
}

async function openRest(database: Database, trials: readonly TrialFiles[]): Promise<void> {
  await database.run(`create or replace temp table ranked as ${RANKED}`);
  await database.run(`create or replace temp view spans as ${rowsOf('spans', trials)}`);
}

/** A table of these trials as it is on disk, for FROM: of which a few rows are read. */
export function onDisk(name: TableName, trials: readonly TrialFiles[]): string {
  return `(${rowsOf(name, trials, 'as_on_disk')})`;
}

/**
 * Of requests of which a share alone was to be traced: a REPORT line counts calls to the backend as the
 * handler's, so beside traces it would move time from one to the other. Where a trial has no trace at
 * all its REPORT lines stand in.
 */
const EXPLAINED = `
  select * from breakdown where source = 'trace'
    or trial not in (select trial from breakdown where source = 'trace')`;

const RANKED = `
  select trial, join_key, operation, total_us, n,
    row_number() over (partition by trial order by total_us, started_us) as rank
  from requests join (
    select trial, count(*) as n from requests where ${MEASURED} group by trial) using (trial)
  where ${MEASURED}`;

function rowsOf(
  name: TableName,
  trials: readonly TrialFiles[],
  how: 'for_figures' | 'as_on_disk' = 'for_figures',
): string {
  const unused = how === 'for_figures' ? (UNUSED[name] ?? []) : [];
  const columns = Object.entries(TABLES[name])
    .filter(([column]) => !unused.includes(column) && !isLater(name, column))
    .map(([column, type]) => ({
      column,
      type,
      hashed: how === 'for_figures' && HASHED.includes(column),
    }));
  const found = trials
    .map(({ trial, folder }) => ({ trial, file: join(folder, `${name}.parquet`) }))
    .filter(({ file }) => existsSync(file));
  if (found.length === 0) {
    const nothing = columns.map(
      ({ column, type, hashed }) => `null::${hashed ? 'UBIGINT' : type} as ${column}`,
    );
    return `select null::integer as trial, ${nothing.join(', ')} where false`;
  }
  const shown = columns.map(({ column, hashed }) =>
    hashed ? `case when ${column} is not null then hash(${column}) end as ${column}` : column,
  );
  const files = found.map(({ file }) => literal(file));
  const numbers = found.map(({ trial }) => trial);
  return `select ([${numbers}])[file_index::bigint + 1]::integer as trial, ${shown.join(', ')}
    from read_parquet([${files}])`;
}
