import { afterEach, beforeEach, expect, test } from 'vitest';
import { InterruptedError, ToolError, UsageError } from '../../base/errors.ts';
import type { KnownFunction } from '../../model/ports.ts';
import { type LambdaService, startLambdaService } from './testing/lambda-service.ts';
import { renewed, reserve, takeBack } from './trial-concurrency.ts';

let service: LambdaService;
let known: KnownFunction;
const { signal } = new AbortController();
const two = { provisioned: 2, reserved: null };

beforeEach(async () => {
  service = await startLambdaService();
  known = {
    functionName: 'f',
    qualifier: 'live',
    logGroup: '/aws/lambda/f',
    aws: service.access,
  };
});
afterEach(() => service.close());

test('environments are provisioned of a new version, ready, and taken back', async () => {
  service.states = [{ Status: 'IN_PROGRESS' }, { Status: 'IN_PROGRESS' }, { Status: 'READY' }];
  await renewed(known, two, { settleMs: 0, signal });
  expect(service.changes.splice(0)).toEqual([
    'PUT configuration',
    'published 2',
    'live is 2',
    '2 provisioned of 2',
  ]);
  await takeBack(known, two, signal);
  expect(service.alias.provisioned).toBeNull();
  // The stack's own version 1 stayed; what is ours goes when the next comes.
  await renewed(known, two, { settleMs: 0, signal });
  await renewed(known, two, { settleMs: 0, signal });
  expect(service.changes).toEqual([
    'provisioned deleted',
    'PUT configuration',
    'published 3',
    'live is 3',
    'deleted version 2',
    '2 provisioned of 3',
    'provisioned deleted',
    'PUT configuration',
    'published 4',
    'live is 4',
    'deleted version 3',
    '2 provisioned of 4',
  ]);
});

test('environments that do not get ready are told with the reason', async () => {
  service.states = [
    { Status: 'IN_PROGRESS' },
    { Status: 'FAILED', StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' },
  ];
  await expect(renewed(known, two, { settleMs: 0, signal })).rejects.toThrow(
    new ToolError('2 provisioned environments of f did not get ready: FUNCTION_ERROR_INIT_FAILURE'),
  );
});

test.each(['PUT .*configuration', 'DELETE .*provisioned-concurrency'])(
  'what Lambda is too busy for is asked again: %s',
  async (path) => {
    service.alias.provisioned = 1;
    const busy = { status: 409, type: 'ResourceConflictException', message: 'in progress' };
    const asked = new RegExp(`^${path}$`);
    let times = 0;
    const first = { test: (text: string) => asked.test(text) && times++ === 0 };
    service.refusal = { path: first as RegExp, ...busy };
    await renewed(known, two, { settleMs: 0, signal });
    expect(times).toBeGreaterThan(1);
    expect(service.alias).toEqual({ version: 2, provisioned: 2 });
  },
);

test('an interruption ends the wait with its reason', async () => {
  service.states = [{ Status: 'IN_PROGRESS' }];
  const stop = new AbortController();
  const ended = renewed(known, two, { settleMs: 0, signal: stop.signal });
  const refused = expect(ended).rejects.toThrow(InterruptedError);
  while (service.alias.provisioned === null) await new Promise(setImmediate);
  stop.abort(new InterruptedError('SIGINT'));
  await refused;
});

test('a refusal of AWS names the right that is missing', async () => {
  service.refusal = {
    path: /^POST .*versions$/,
    status: 403,
    type: 'AccessDeniedException',
    message: 'User: u is not authorized to perform: lambda:PublishVersion on resource: f',
  };
  await expect(renewed(known, two, { settleMs: 0, signal })).rejects.toThrow(
    /^cannot provision environments of f: these credentials have no right to lambda:PublishVersion;/,
  );
});

test('concurrency is reserved only where 100 stay, and taken back', async () => {
  await reserve(known, 900, signal);
  await takeBack(known, { provisioned: 0, reserved: 900 }, signal);
  expect(service.changes).toEqual(['900 reserved', 'reserved deleted']);
  service.quota.UnreservedConcurrentExecutions = 150;
  await expect(reserve(known, 51, signal)).rejects.toThrow(
    new UsageError(
      "--reserved-concurrency: 51 would leave 99 of the account's 150 unreserved executions, and 100 must stay for other functions; ask for less, or for none",
    ),
  );
  await reserve(known, 50, signal);
});
