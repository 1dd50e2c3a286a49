import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { traceCalls } from '../lib/trace-calls.ts';
import type { Cursor, DataSource, Tweet, User } from './source.ts';

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
      const { Item } = await documents.send(
        new GetCommand({ TableName: usersTable, Key: { handle } }),
      );
      return Item as User | undefined;
    },
    async getUsers(handles) {
      const { Responses = {} } = await documents.send(
        new BatchGetCommand({
          RequestItems: { [usersTable]: { Keys: handles.map((handle) => ({ handle })) } },
        }),
      );
      const found = (Responses[usersTable] ?? []) as User[];
      const byHandle = new Map(found.map((user) => [user.handle, user]));
      return handles.map((handle) => byHandle.get(handle));
    },
    getTweets: newest,
    async getTopTweet(handle) {
      const [top] = await newest(handle, 1);
      return top;
    },
  };
}
