import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { InterruptedError, ToolError } from '../base/errors.ts';
import type { AwsAccess } from '../model/ports.ts';
import { renewFunction } from './renew-function.ts';

/** What a change is asked for with. */
interface Change {
  RevisionId: string;
  Environment: { Variables: Record<string, string> };
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/**
 * Lambda as far as it is asked: after a change it tells `states` one by one, the last for ever, or it
 * refuses the change. Before it, it tells the states of an earlier one. `busy` resolves when it has told the first of them.
 */
async function lambda(
  before: object,
  states: object[],
  refusal: string | null = null,
  earlier: object[] = [],
) {
  const changes: Change[] = [];
  const busy = Promise.withResolvers<void>();
  let told = 0;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      if (request.method === 'PUT' && refusal !== null) {
        response.writeHead(400, { 'x-amzn-errortype': 'InvalidParameterValueException' });
        response.end(JSON.stringify({ message: refusal }));
        return;
      }
      if (request.method === 'PUT') changes.push(JSON.parse(body) as Change);
      const state =
        changes.length === 0
          ? (earlier.shift() ?? {})
          : states[Math.min(told++, states.length - 1)];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ FunctionName: 'f', RevisionId: 'r', ...before, ...state }));
      if (told > 0) busy.resolve();
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const access: AwsAccess = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  return { access, changes, busy: busy.promise };
}

const { signal } = new AbortController();
const READY = { LastUpdateStatus: 'Successful' };
const BUSY = { LastUpdateStatus: 'InProgress' };

test('one variable is counted up, the others stay, and the update is waited for', async () => {
  const before = { Environment: { Variables: { TABLE: 't', BENCH_RENEWED: '7' } } };
  const { access, changes } = await lambda(before, [BUSY, BUSY, READY]);
  const startedMs = performance.now();
  await renewFunction(access, 'f', { settleMs: 40, signal });
  // Two pauses of 50 and 100 ms, then the time to settle.
  expect(performance.now() - startedMs).toBeGreaterThan(185);
  expect(changes).toEqual([
    { RevisionId: 'r', Environment: { Variables: { TABLE: 't', BENCH_RENEWED: '8' } } },
  ]);
});

test('a function without variables gets its first', async () => {
  const { access, changes } = await lambda({}, [READY]);
  await renewFunction(access, 'f', { settleMs: 0, signal });
  expect(changes[0]?.Environment).toEqual({ Variables: { BENCH_RENEWED: '1' } });
});

test('a change of before that is in progress is waited for', async () => {
  const { access, changes } = await lambda({}, [READY], null, [BUSY, BUSY]);
  const startedMs = performance.now();
  await renewFunction(access, 'f', { settleMs: 0, signal });
  expect(performance.now() - startedMs).toBeGreaterThan(145);
  expect(changes).toHaveLength(1);
});

test('an update that fails is told in words of Lambda', async () => {
  const failed = { LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'the subnet is full' };
  const { access } = await lambda({}, [BUSY, failed]);
  const renewed = renewFunction(access, 'f', { settleMs: 0, signal });
  await expect(renewed).rejects.toThrow(ToolError);
  await expect(renewed).rejects.toThrow('f could not be renewed: the subnet is full');
});

test('a refusal that quotes the variables is told without them', async () => {
  const before = { Environment: { Variables: { PASSWORD: 'se}cr{et' } } };
  const refusal = `they exceed the 4KB limit. String measured: ${JSON.stringify(before.Environment.Variables)}`;
  const { access } = await lambda(before, [], refusal);
  await expect(renewFunction(access, 'f', { settleMs: 0, signal })).rejects.toThrow(
    /^f could not be renewed: they exceed the 4KB limit\. String measured: \{…\}$/,
  );
});

test('variables that cannot be read are not overwritten', async () => {
  const error = { ErrorCode: 'AccessDenied', Message: 'no right to the key' };
  const { access, changes } = await lambda({ Environment: { Error: error } }, [READY]);
  await expect(renewFunction(access, 'f', { settleMs: 0, signal })).rejects.toThrow(
    'f could not be renewed: its variables cannot be read: no right to the key',
  );
  expect(changes).toEqual([]);
});

test('an interruption ends the wait with its reason', async () => {
  const { access, busy } = await lambda({}, [BUSY]);
  const stop = new AbortController();
  const renewing = renewFunction(access, 'f', { settleMs: 0, signal: stop.signal });
  const ended = expect(renewing).rejects.toThrow(InterruptedError);
  await busy;
  stop.abort(new InterruptedError('SIGINT'));
  await ended;
});
