import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRuntimeApi, type RuntimeApi, type RuntimeError } from './runtime-api.ts';

let api: RuntimeApi;
let heard: string[];
let onNext: () => void = () => {};
beforeEach(async () => {
  heard = [];
  api = await openRuntimeApi({
    next: () => onNext(),
    response: (id, payload) => heard.push(`response ${id} ${payload}`) > 0 && id === 'known',
    responseTooLarge: (id) => heard.push(`too large ${id}`) > 0,
    error: (id, error) => heard.push(`error ${id} ${described(error)}`) > 0 && id === 'known',
    initError: (error) => heard.push(`init ${described(error)}`),
  });
});
afterEach(() => api.close());

function described({ errorType, payload }: RuntimeError): string {
  return `${errorType} ${payload}`;
}

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://${api.address}${path}`, init);
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  call(`/2018-06-01/runtime/${path}`, { method: 'POST', body, headers });

test('next carries what a runtime needs, with a content type', async () => {
  onNext = () =>
    queueMicrotask(() =>
      api.deliver({
        requestId: 'r1',
        deadlineMs: 1234,
        traceHeader: 'Root=1;Parent=2;Sampled=1',
        functionArn: 'arn:f',
        clientContext: 'e30=\r\nX-Injected: 1',
        payload: Buffer.from('{"a":1}'),
      }),
    );
  const response = await call('/2018-06-01/runtime/invocation/next');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ a: 1 });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': 'r1',
    'lambda-runtime-deadline-ms': '1234',
    'lambda-runtime-trace-id': 'Root=1;Parent=2;Sampled=1',
    'lambda-runtime-invoked-function-arn': 'arn:f',
    'lambda-runtime-client-context': 'e30= X-Injected: 1',
  });
  expect(response.headers.has('x-injected')).toBe(false);
});

test('responses and errors are accepted for the invocation at hand only', async () => {
  const accepted = await post('invocation/known/response', '"yes"');
  expect(accepted.status).toBe(202);
  expect(await accepted.json()).toEqual({ status: 'OK' });
  const type = { 'Lambda-Runtime-Function-Error-Type': 'Type' };
  expect((await post('invocation/known/error', '{}', type)).status).toBe(202);
  expect((await post('init/error', '{}')).status).toBe(202);
  const unknown = await post('invocation/other/response', '1');
  expect(unknown.status).toBe(400);
  expect(await unknown.json()).toMatchObject({ errorType: 'InvalidRequestID' });
  expect(heard).toEqual([
    'response known "yes"',
    'error known Type {}',
    'init Unhandled {}',
    'response other 1',
  ]);
});

test('a payload beyond the limit is refused', async () => {
  const response = await post('invocation/known/response', 'x'.repeat(6 * 1024 * 1024 + 101));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ errorType: 'RequestEntityTooLarge' });
  expect(heard).toEqual(['too large known']);
});

test.each([
  ['/', 404],
  ['/2018-06-01/runtime/other', 404],
  ['/2018-06-01/runtime/restore/next', 404],
  ['/2018-06-01/runtime/init/error', 405],
])('what does not exist is refused: %s', async (path, status) => {
  const response = await call(path);
  expect(response.status).toBe(status);
  expect(await response.json()).toHaveProperty('errorType');
});
