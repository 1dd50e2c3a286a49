import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { startDynalite } from './start.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

const TABLE: CreateTableCommandInput = {
  TableName: 'Kept',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};

/** The status of a ListTables with such headers. */
function listTables(endpoint: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      endpoint,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.ListTables',
          'x-amz-date': '20260101T000000Z',
          authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
          ...headers,
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.once('error', reject);
    call.end('{}');
  });
}

test('answers on the loopback, but not to web pages', async () => {
  const database = await startDynalite({ supervisor });
  expect(database.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await listTables(database.endpoint, {})).toBe(200);
  expect(await listTables(database.endpoint, { origin: 'https://example.org' })).toBe(403);
  expect(await listTables(database.endpoint, { host: 'rebound.example.org' })).toBe(403);
  await database.stop();
  await expect(listTables(database.endpoint, {})).rejects.toThrow('ECONNREFUSED');
});

test('in a folder its data outlive it', async () => {
  const folder = supervisor.ownFolder('bench-test');
  for (const found of [[], ['Kept']]) {
    const database = await startDynalite({ supervisor, folder });
    const client = new DynamoDBClient({
      endpoint: database.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    expect((await client.send(new ListTablesCommand())).TableNames).toEqual(found);
    if (found.length === 0) await client.send(new CreateTableCommand(TABLE));
    client.destroy();
    await database.stop('SIGTERM');
  }
});

test('an end nobody asked for is told; a stop is not', async () => {
  const [killed, stopped] = await Promise.all([
    startDynalite({ supervisor }),
    startDynalite({ supervisor }),
  ]);
  await stopped.stop();
  process.kill(killed.pid, 'SIGKILL');
  const error = await Promise.race([killed.ended, stopped.ended.then(() => undefined)]);
  expect(error?.name).toBe('ToolError');
  expect(error?.message).toBe('the database dynalite ended by itself (SIGKILL)');
});

test('it outlives a client that is killed in the middle of a request', async () => {
  const database = await startDynalite({ supervisor });
  const { host, port } = new URL(database.endpoint);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\n\r\n{`);
  // Its turn comes after the half request's: connections are read in the order they wrote.
  await listTables(database.endpoint, {});
  socket.resetAndDestroy();
  await once(socket, 'close');
  expect(await listTables(database.endpoint, {})).toBe(200);
  expect(await listTables(database.endpoint, {})).toBe(200);
  await database.stop();
});

test('a database that does not come up says why', async () => {
  const entry = join(supervisor.ownFolder('bench-test'), 'missing.js');
  const starting = startDynalite({ supervisor, entry });
  await expect(starting).rejects.toThrow(
    /^the database dynalite ended by itself \(exit code 1\):\n[\s\S]*Cannot find module/,
  );
});

test('a first line that is no announcement is told', async () => {
  const entry = join(supervisor.ownFolder('bench-test'), 'talks.mjs');
  writeFileSync(entry, 'console.log("hello"); setInterval(() => {}, 1000);');
  await expect(startDynalite({ supervisor, entry })).rejects.toThrow(
    'the database dynalite did not come up; it said: hello',
  );
});
