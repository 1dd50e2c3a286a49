import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { traceCalls } from '../lib/trace-calls.ts';
import type { Cursor, DataSource, Tweet, User } from './source.ts';

/** A BatchGetItem may leave keys for a later attempt: it is throttled, or 16 MB are reached. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 25;

/**
 * The tables named by USERS_TABLE and TWEETS_TABLE. The client is made while the environment
 * initialises and keeps its connections (the SDK's default) for the life of the environment.
 */
export function source(): DataSource {
  const client = new DynamoDBClient();
  client.middlewareStack.use(traceCalls('DynamoDB', () => client.config.region()));
  const documents = DynamoDBDocumentClient.from(client);
  const usersTable = process.env.USERS_TABLE ?? '';
  const tweetsTable = process.env.TWEETS_TABLE ?? '';

  async function newest(handle: string, limit: number, after?: Cursor): Promise<Tweet[]> {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: tweetsTable,
        IndexName: 'tweet-index',
        KeyConditionExpression: 'handle = :handle',
        ExpressionAttributeValues: { ':handle': handle },
        ScanIndexForward: false,
        Limit: limit,
        ...(after && { ExclusiveStartKey: { handle, ...after } }),
      }),
    );
    return Items as Tweet[];
  }

  return {
    async getUser(handle) {
      if (!isKey(handle)) return undefined;
      const { Item } = await documents.send(
        new GetCommand({ TableName: usersTable, Key: { handle } }),
      );
      return Item as User | undefined;
    },
    async getUsers(handles) {
      const byHandle = new Map<string, User>();
      // BatchGetItem refuses a batch in which a key comes twice, or is none.
      let keys: Record<string, unknown>[] = [...new Set(handles)]
        .filter(isKey)
        .map((handle) => ({ handle }));
      for (let attempt = 0; keys.length > 0; attempt += 1) {
        if (attempt === ATTEMPTS) throw new Error(`DynamoDB left ${keys.length} keys unprocessed`);
        if (attempt > 0) await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
        const { Responses, UnprocessedKeys } = await documents.send(
          new BatchGetCommand({ RequestItems: { [usersTable]: { Keys: keys } } }),
        );
        const found = (Responses?.[usersTable] ?? []) as User[];
        for (const user of found) byHandle.set(user.handle, user);
        keys = UnprocessedKeys?.[usersTable]?.Keys ?? [];
      }
      return handles.map((handle) => byHandle.get(handle));
    },
    getTweets: newest,
    async getTopTweet(handle) {
      const [top] = await newest(handle, 1);
      return top;
    },
  };
}

/** DynamoDB takes no empty key, nor one longer than this, and refuses all that is asked with it. */
function isKey(handle: string): boolean {
  return handle !== '' && Buffer.byteLength(handle) <= 2048;
}
