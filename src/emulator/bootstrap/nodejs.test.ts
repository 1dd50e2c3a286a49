import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, errorOf, openBench } from '../functions/testing/open-bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

test.each([
  ['module/index', 'index.js'],
  ['module/index.js', 'index.js'],
  ['commonjs/index', 'index.js'],
])('loads a handler as its package says: %s', async (file, name) => {
  await bench.create('f', { handler: { file, exportName: 'handler' } });
  expect(await bench.answer('f', {})).toBe(name);
});

test('a handler with a callback answers once the event loop is empty, or at once where told', async () => {
  const handler = { file: 'callback.cjs', exportName: 'nested.handler' };
  await bench.create('f', { runtime: 'nodejs22.x', handler });
  // The result is the object as it was when it was posted.
  const waited = await bench.answer<{ waitedMs: number }>('f', { waits: true });
  expect(waited.waitedMs).toBeGreaterThanOrEqual(90);
  expect(await bench.answer('f', { waits: false })).toEqual({ waitedMs: 0 });
  const error = errorOf(await bench.call('f', { fails: true }));
  expect(error).toMatchObject({ errorType: 'Error', errorMessage: 'as asked' });
});

test('from Node 24 on a handler with a callback is refused, as on Lambda', async () => {
  const handler = { file: 'callback.cjs', exportName: 'nested.handler' };
  await bench.create('f', { runtime: 'nodejs24.x', handler });
  const error = errorOf(await bench.call('f', { waits: true }));
  expect(error.errorType).toBe('Runtime.CallbackHandlerDeprecated');
});

test('datagrams that the handler did not wait for leave before the environment freezes', async () => {
  const receiver = createSocket('udp4');
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  let received = 0;
  const all = new Promise<void>((resolve) => {
    receiver.on('message', () => {
      received += 1;
      if (received === 50) resolve();
    });
  });
  await bench.create('f', { handler: { file: 'datagrams.mjs', exportName: 'handler' } });
  await bench.answer('f', { count: 50, port: receiver.address().port });
  await all;
  receiver.close();
  // All came from an environment that nobody has thawed since.
  expect(await bench.host.facts()).toMatchObject({ environmentsStarted: 1 });
});

test('our variables for the bootstrap are gone, and its files cannot be written', async () => {
  await bench.create('f');
  const variables = await bench.answer<Record<string, string>>('f', { action: 'environment' });
  expect(Object.keys(variables).filter((name) => name.includes('BENCH'))).toEqual([]);
  expect(readFileSync(`${variables.LAMBDA_TASK_ROOT}/probe.mjs`, 'utf8')).toContain('handler');
});
