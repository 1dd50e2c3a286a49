import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test, vi } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { createDynalite } from './create.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

interface Iterator {
  next(): Promise<unknown>;
}
const ofDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));

test.each([
  ['Level', () => supervisor.ownFolder('bench-test')],
  ['MemoryLevel', () => undefined],
])('no query and no scan leaves an iterator open: %s', async (name, folder) => {
  const server = createDynalite(folder());
  const store = ofDynalite(name === 'Level' ? 'level' : 'memory-level')[name];
  const opened: Iterator[] = [];
  for (const method of ['keys', 'values']) {
    const open = store.prototype[method];
    vi.spyOn(store.prototype, method).mockImplementation(function (this: unknown, options) {
      const iterator = open.call(this, options);
      opened.push(iterator);
      return iterator;
    });
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const call = async (operation: string, body: object): Promise<{ Count?: number }> => {
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
      },
      body: JSON.stringify({ TableName: 'Tweets', ...body }),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { Count?: number };
  };
  const keys = { user: 'HASH', at: 'RANGE' };
  await call('CreateTable', {
    AttributeDefinitions: Object.keys(keys).map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: Object.entries(keys).map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    BillingMode: 'PAY_PER_REQUEST',
  });
  for (const at of ['1', '2', '3']) {
    await call('PutItem', { Item: { user: { S: 'a' }, at: { S: at } } });
  }
  const ofUser = (user: string, Limit?: number) => ({
    KeyConditionExpression: '#user = :user',
    ExpressionAttributeNames: { '#user': 'user' },
    ExpressionAttributeValues: { ':user': { S: user } },
    Limit,
  });
  expect(await call('Query', ofUser('a'))).toMatchObject({ Count: 3 });
  // Cut in the middle; to the end and not beyond; of nobody.
  expect(await call('Query', ofUser('a', 1))).toMatchObject({ Count: 1 });
  expect(await call('Query', ofUser('a', 3))).toMatchObject({ Count: 3 });
  expect(await call('Query', ofUser('b'))).toMatchObject({ Count: 0 });
  expect(await call('Scan', {})).toMatchObject({ Count: 3 });
  await call('DeleteTable', {});
  expect(opened.length).toBeGreaterThanOrEqual(6);
  await vi.waitFor(async () => {
    for (const iterator of opened) {
      await expect(iterator.next()).rejects.toMatchObject({ code: 'LEVEL_ITERATOR_NOT_OPEN' });
    }
  });
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  vi.restoreAllMocks();
});
