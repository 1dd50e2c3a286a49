import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { source } from './dynamo.ts';

/** The keys of each BatchGetItem, and how many of them DynamoDB is to process. */
const asked: string[][] = [];
let processed: number[] = [];

/** Speaks as much of DynamoDB's protocol as a BatchGetItem needs; dynalite never leaves keys. */
const server = createServer(async (request, response) => {
  const { RequestItems } = JSON.parse(await text(request));
  const keys = RequestItems.Users.Keys as { handle: { S: string } }[];
  asked.push(keys.map(({ handle }) => handle.S));
  const count = processed.shift() ?? keys.length;
  const left = keys.slice(count);
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(
    JSON.stringify({
      Responses: { Users: keys.slice(0, count) },
      UnprocessedKeys: left.length > 0 ? { Users: { Keys: left } } : {},
    }),
  );
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('USERS_TABLE', 'Users');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function handlesOf(...handles: string[]) {
  asked.length = 0;
  const users = await source().getUsers(handles);
  return users.map((user) => user?.handle);
}

test('keys that were left are asked for again, and only they', async () => {
  processed = [2, 0, 1];
  expect(await handlesOf('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual([['a', 'b', 'c'], ['c'], ['c']]);
});

test('keys that are left for ever are an error', async () => {
  processed = [1, 0, 0, 0, 0];
  await expect(handlesOf('a', 'b', 'c')).rejects.toThrow('DynamoDB left 2 keys unprocessed');
  expect(asked).toHaveLength(5);
});

test('a key that comes twice is asked for once; what cannot be a key is not asked for', async () => {
  const long = 'x'.repeat(2_049);
  expect(await handlesOf('b', 'a', '', 'b', long)).toEqual(['b', 'a', undefined, 'b', undefined]);
  expect(asked).toEqual([['b', 'a']]);
  expect(await handlesOf('')).toEqual([undefined]);
  expect(asked).toEqual([]);
});
