import {
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataset } from '../../../fixtures/dataset/dataset.ts';
import { type Moto, pythonTool, startMoto } from '../../../test/python.ts';
import { dynamoClient } from '../../aws/clients.ts';
import { makeFunction, motoAccess } from '../../aws/testing/moto-function.ts';
import { InterruptedError } from '../../base/errors.ts';
import type { AwsAccess } from '../../model/ports.ts';
import { dynamoOnAws } from './on-aws.ts';
import { TABLES } from './tables.ts';

describe.skipIf(pythonTool('moto_server') === null)('moto', () => {
  let moto: Moto;
  let access: AwsAccess;
  let client: DynamoDBClient;
  const tables = { users: 'bench-x-x1-Users', tweets: 'bench-x-x1-Tweets' };
  beforeAll(async () => {
    moto = await startMoto();
    access = motoAccess(moto.endpoint);
    client = await dynamoClient(access, 1);
    for (const [index, table] of TABLES.entries()) {
      const TableName = index === 0 ? tables.users : tables.tweets;
      await client.send(new CreateTableCommand({ ...table, TableName }));
    }
    await makeFunction(access, 'f', { USERS_TABLE: tables.users, TWEETS_TABLE: tables.tweets });
    await makeFunction(access, 'g', {});
  });
  afterAll(async () => {
    client.destroy();
    await moto.stop();
  });

  async function seed(name: string, progress: (text: string) => void, signal: AbortSignal) {
    await dynamoOnAws.seed({
      access,
      deployment: null as never,
      asked: [
        {
          dataset: { name: 'x1', indexed: false },
          function: {
            name,
            key: name,
            qualifier: null,
            logGroup: '',
            memoryMb: 1024,
            timeoutS: 30,
            codeSha256: '',
            fronts: {},
          },
        },
      ],
      progress,
      signal,
    });
  }
  const count = async (table: string) =>
    (await client.send(new ScanCommand({ TableName: table, Select: 'COUNT' }))).Count;

  test('a seeding that was cut short is done again, a finished one is not', async () => {
    const stop = new AbortController();
    const interrupted = seed(
      'f',
      (text) => {
        if (text.endsWith(' 10%')) stop.abort(new InterruptedError('SIGINT'));
      },
      stop.signal,
    );
    await expect(interrupted).rejects.toThrow(InterruptedError);
    const { signal } = new AbortController();
    const said: string[] = [];
    await seed('f', (text) => said.push(text), signal);
    expect(said.at(0)).toBe('seeding 5,500 items: 0%');
    expect(said.at(-1)).toBe('seeding 5,500 items: 100%');
    expect(await count(tables.users)).toBe(500);
    // The marker is one more.
    expect(await count(tables.tweets)).toBe(5_001);
    said.length = 0;
    await seed('f', (text) => said.push(text), signal);
    expect(said).toEqual([]);

    // What handlers ask (by the index) does not meet the marker.
    const rows = dataset('x1');
    const handle = rows.users[7]?.handle ?? '';
    const { Items } = await client.send(
      new QueryCommand({
        TableName: tables.tweets,
        IndexName: 'tweet-index',
        KeyConditionExpression: 'handle = :handle',
        ExpressionAttributeValues: { ':handle': { S: handle } },
        ScanIndexForward: false,
      }),
    );
    const newestFirst = Array.from({ length: 10 }, (_, i) => rows.tweet(7, 9 - i).tweet_id);
    expect(Items?.map(({ tweet_id }) => tweet_id?.S)).toEqual(newestFirst);
    const index = await client.send(
      new ScanCommand({ TableName: tables.tweets, IndexName: 'tweet-index', Select: 'COUNT' }),
    );
    expect(index.Count).toBe(5_000);
  });

  test('tables with other data are not touched; a function without tables is named', async () => {
    const { signal } = new AbortController();
    const Key = { tweet_id: { S: 'bench-seeded' } };
    const TableName = tables.tweets;
    const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
    expect(Item?.content?.S).toMatch(/^[0-9a-f]{16}$/);
    const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    await client.send(
      new PutItemCommand({ TableName, Item: { ...Key, content: { S: 'another' } } }),
    );
    await expect(seed('f', () => {}, signal)).rejects.toThrow(
      'the tables bench-x-x1-Users and bench-x-x1-Tweets hold the data of another version of bench',
    );
    await client.send(new DeleteItemCommand({ TableName, Key }));
    await expect(seed('g', () => {}, signal)).rejects.toThrow(
      'the variables of g name no tables: was it changed?',
    );
  });
});
