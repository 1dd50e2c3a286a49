import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type DynamoDBClient,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Dataset } from '../../../fixtures/dataset/dataset.ts';
import { ToolError } from '../../base/errors.ts';
import { TABLES, TWEETS_TABLE, USERS_TABLE } from './tables.ts';

/** DynamoDB's limit for a BatchWriteItem. */
const BATCH = 25;
const IN_FLIGHT = 4;
/** Unprocessed items are tried again after 25, 50, … ms, as DynamoDB asks for. */
const TRIES = 10;
const FIRST_PAUSE_MS = 25;

type Row = Record<string, unknown>;

/**
 * Creates the tables, writes the data set and counts it. Throws ToolError where rows are missing,
 * and what the SDK throws, also for an abort.
 */
export async function seed(
  client: DynamoDBClient,
  rows: Dataset,
  signal: AbortSignal,
): Promise<void> {
  for (const table of TABLES) {
    await client.send(new CreateTableCommand(table), { abortSignal: signal });
    await waitUntilTableExists(
      { client, maxWaitTime: 60, minDelay: 1, abortSignal: signal },
      { TableName: table.TableName },
    );
  }
  const documents = DynamoDBDocumentClient.from(client);
  await writeAll(documents, USERS_TABLE, rows.users, signal);
  await writeAll(documents, TWEETS_TABLE, rows.tweets(), signal);
  await checkCount(client, USERS_TABLE, rows.users.length, signal);
  await checkCount(client, TWEETS_TABLE, rows.tweetCount, signal);
}

/** Writers share one iterator, so that at most IN_FLIGHT batches are in memory. */
async function writeAll(
  documents: DynamoDBDocumentClient,
  table: string,
  rows: Iterable<object>,
  signal: AbortSignal,
): Promise<void> {
  const batches = batchesOf(rows);
  const writer = async (): Promise<void> => {
    for (const batch of batches) await writeBatch(documents, table, batch, signal);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, writer));
}

function* batchesOf(rows: Iterable<object>): Generator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push({ ...row });
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(
  documents: DynamoDBDocumentClient,
  table: string,
  rows: Row[],
  signal: AbortSignal,
): Promise<void> {
  let left = rows.map((Item) => ({ PutRequest: { Item } }));
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    signal.throwIfAborted();
    if (attempt > 0) {
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    }
    const { UnprocessedItems } = await documents.send(
      new BatchWriteCommand({ RequestItems: { [table]: left } }),
      { abortSignal: signal },
    );
    left = (UnprocessedItems?.[table] ?? []) as typeof left;
    if (left.length === 0) return;
  }
  throw new ToolError(`DynamoDB did not take ${left.length} items of table ${table}`);
}

async function checkCount(
  client: DynamoDBClient,
  table: string,
  expected: number,
  signal: AbortSignal,
): Promise<void> {
  let found = 0;
  let from: Record<string, never> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        Select: 'COUNT',
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      }),
      { abortSignal: signal },
    );
    found += page.Count ?? 0;
    from = page.LastEvaluatedKey as typeof from;
  } while (from !== undefined);
  if (found !== expected) {
    throw new ToolError(`table ${table} holds ${found} items after seeding, not ${expected}`);
  }
}
