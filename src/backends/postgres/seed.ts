import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Dataset } from '../../../fixtures/dataset/dataset.ts';
import { ToolError } from '../../base/errors.ts';
import { seedingProgress } from '../shared/seeding-progress.ts';
import { tweetsText, usersText } from './copy-text.ts';
import { tables } from './tables.ts';

export interface SeedJob {
  client: Client;
  /** Made here; a name that needs no quotes. */
  schema: string;
  rows: Dataset;
  /** With the indexes of the variants that have them. */
  index: boolean;
  /** A role that may read the tables; null: they are read by who seeds them. */
  reader: string | null;
  progress(text: string): void;
  signal: AbortSignal;
}

/**
 * Makes the tables and fills them in one transaction: they are whole, or not there. Throws ToolError
 * where rows are missing, PostgreSQL's errors, and the signal's reason.
 */
export async function seed(job: SeedJob): Promise<void> {
  const { client, schema, rows, index, reader, progress, signal } = job;
  const { create, keys, indexes } = tables(schema);
  const run = async (statements: readonly string[]) => {
    for (const statement of statements) {
      signal.throwIfAborted();
      await client.query(statement);
    }
  };
  const tell = seedingProgress(rows.tweetCount, 'tweets', progress);
  tell(0);
  // Enough to sort the keys of half a million rows without files.
  await run(['begin', `set local maintenance_work_mem = '128MB'`, ...create]);
  await copy(job, 'users', usersText(rows), rows.users.length);
  await copy(job, 'tweets', tweetsText(rows, tell), rows.tweetCount);
  progress(`indexing ${rows.tweetCount.toLocaleString('en-US')} tweets`);
  await run([...keys, ...(index ? indexes : [])]);
  if (reader !== null) {
    await run([
      `grant usage on schema ${schema} to ${reader}`,
      `grant select on all tables in schema ${schema} to ${reader}`,
    ]);
  }
  await run(['commit']);
  // The planner's statistics, and nothing left that a first read would have to tidy up.
  await run([`vacuum (analyze) ${schema}.users`, `vacuum (analyze) ${schema}.tweets`]);
}

async function copy(
  { client, schema, signal }: SeedJob,
  table: string,
  text: Iterable<string>,
  expected: number,
): Promise<void> {
  const sink = client.query(copyFrom(`copy ${schema}.${table} from stdin`));
  await pipeline(Readable.from(text, { objectMode: false }), sink, { signal });
  if (sink.rowCount !== expected) {
    throw new ToolError(
      `table ${table} holds ${sink.rowCount} rows after seeding, not ${expected}`,
    );
  }
}
