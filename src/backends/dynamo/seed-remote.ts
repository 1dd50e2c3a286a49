import { createHash } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Dataset, dataset } from '../../../fixtures/dataset/dataset.ts';
import { ToolError } from '../../base/errors.ts';
import { datasetName } from '../shared/reference-api.ts';
import { seedingProgress } from '../shared/seeding-progress.ts';
import { fill } from './seed.ts';

/**
 * The key of an item in the table of tweets that says the seeding ended. It lacks what the index is
 * made of (handle, created_at), and handlers ask that table by its index only: no query meets it.
 */
const MARKER = 'bench-seeded';
/** Of the tweets, for telling data sets apart: one of so many. */
const SAMPLED_EVERY = 97;

/**
 * Fills tables that are there and empty, once: what a seeding that was cut short left is written again
 * over itself. Throws ToolError where they hold other data, and as `fill` does.
 */
export async function seedRemote(job: {
  client: DynamoDBClient;
  tables: { users: string; tweets: string };
  dataset: string;
  progress(text: string): void;
  signal: AbortSignal;
}): Promise<void> {
  const { client, tables, progress, signal } = job;
  const name = datasetName(job.dataset);
  const rows = dataset(name);
  const content = contentOf(rows);
  const found = await markedContent(client, tables.tweets, signal);
  if (found === content) return;
  if (found !== null) {
    throw new ToolError(
      `the tables ${tables.users} and ${tables.tweets} hold the data of another version of bench; remove that deployment with bench destroy`,
    );
  }
  const tell = seedingProgress(rows.users.length + rows.tweetCount, 'items', progress);
  tell(0);
  await fill({ client, tables, rows: spread(rows), signal, written: tell });
  await client.send(
    new PutItemCommand({
      TableName: tables.tweets,
      Item: { tweet_id: { S: MARKER }, content: { S: content } },
    }),
    { abortSignal: signal },
  );
}

async function markedContent(
  client: DynamoDBClient,
  table: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: table,
      Key: { tweet_id: { S: MARKER } },
      ConsistentRead: true,
    }),
    { abortSignal: signal },
  );
  return Item?.content?.S ?? null;
}

/**
 * The same rows, a tweet of each user in turns: user by user all writes would go to one key of the
 * index, and DynamoDB takes 1,000 a second of one (Developer Guide, "Partitions and data distribution").
 */
function spread(rows: Dataset): Dataset {
  return {
    ...rows,
    *tweets() {
      for (let index = 0; index < rows.tweetsPerUser; index += 1) {
        for (let user = 0; user < rows.users.length; user += 1) yield rows.tweet(user, index);
      }
    },
  };
}

/** What the rows are, from a sample of them: the same on every machine, whatever made them. */
function contentOf(rows: Dataset): string {
  const hash = createHash('sha256').update(JSON.stringify([rows.users, rows.tweetCount]));
  const tweets = rows.users.length * rows.tweetsPerUser;
  for (let at = 0; at < tweets; at += SAMPLED_EVERY) {
    const user = Math.floor(at / rows.tweetsPerUser);
    hash.update(JSON.stringify(rows.tweet(user, at % rows.tweetsPerUser)));
  }
  return hash.digest('hex').slice(0, 16);
}
