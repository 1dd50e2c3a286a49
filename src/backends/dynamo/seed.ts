import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Dataset } from '../../../fixtures/dataset/dataset.ts';
import { ToolError } from '../../base/errors.ts';
import { type Batch, batches } from './items.ts';
import { TABLES, TWEETS_TABLE, USERS_TABLE } from './tables.ts';

/** dynalite takes no more at a time; DynamoDB says itself when it is too much. */
const IN_FLIGHT = 16;
/** Unprocessed items are tried again after 25, 50, … ms, as DynamoDB asks for. */
const TRIES = 10;
const FIRST_PAUSE_MS = 25;
/** In seconds: a table of dynalite is there at once, one of DynamoDB's after some. */
const POLLING = { minDelay: 0.02, maxDelay: 2 };

interface SeedJob {
  client: DynamoDBClient;
  rows: Dataset;
  signal: AbortSignal;
  written(items: number): void;
}

/** Creates the tables and writes the data set. Throws as `fill` does. */
export async function seed(job: SeedJob): Promise<void> {
  const { client, signal } = job;
  for (const table of TABLES) {
    await client.send(new CreateTableCommand(table), { abortSignal: signal });
    await waitUntilTableExists(
      { client, maxWaitTime: 60, ...POLLING, abortSignal: signal },
      { TableName: table.TableName },
    );
  }
  await fill({ ...job, tables: { users: USERS_TABLE, tweets: TWEETS_TABLE } });
}

/**
 * Writes the data set into tables that are there; `written` is told how many items are in. Throws
 * ToolError where DynamoDB does not take an item, and what the SDK throws, also for an abort.
 */
export async function fill(
  job: SeedJob & { tables: { users: string; tweets: string } },
): Promise<void> {
  const { client, tables, rows, signal, written } = job;
  // Prepares every item for a log that nobody keeps: a fifth of the SDK's work for a batch.
  client.middlewareStack.remove('loggerMiddleware');
  // Writers share one iterator, so that at most IN_FLIGHT batches are in memory.
  const left = batches(rows);
  let items = 0;
  const writer = async (): Promise<void> => {
    for (const { table, puts } of left) {
      const named = table === USERS_TABLE ? tables.users : tables.tweets;
      await writeBatch(client, { table: named, puts }, signal);
      items += puts.length;
      written(items);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, writer));
}

async function writeBatch(
  client: DynamoDBClient,
  { table, puts }: Batch,
  signal: AbortSignal,
): Promise<void> {
  let left = puts;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    signal.throwIfAborted();
    if (attempt > 0) {
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    }
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
      { abortSignal: signal },
    );
    left = (UnprocessedItems?.[table] ?? []) as Batch['puts'];
    if (left.length === 0) return;
  }
  throw new ToolError(`DynamoDB did not take ${left.length} items of table ${table}`);
}
