import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Verdict } from './runtime-answers.ts';
import { openRuntimeApi, type RuntimeApi } from './runtime-api.ts';
import type { RuntimeError } from './runtime-reports.ts';

let api: RuntimeApi;
let heard: string[];
let streamType: string;
let onNext: () => void = () => {};
beforeEach(async () => {
  heard = [];
  api = await openRuntimeApi({
    next: () => {
      onNext();
      return 'accepted';
    },
    response: (id, payload) => verdict(id, `response ${id} ${payload}`),
    responseTooLarge: (id) => verdict(id, `too large ${id}`),
    error: (id, error) => verdict(id, `error ${id} ${described(error)}`),
    initError: (error) => verdict('known', `init ${described(error)}`),
    stream: (_, contentType) => {
      streamType = contentType;
      return null;
    },
    streamed: () => 'accepted',
  });
});
afterEach(() => api.close());

/** Notes what was heard. */
function verdict(id: string, said: string): Verdict {
  heard.push(said);
  if (id === 'late') return 'RuntimeResponseSentState';
  return id === 'known' ? 'accepted' : 'unknown_id';
}

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

test('a second response is not what the state allows', async () => {
  const late = await post('invocation/late/response', '"again"');
  expect(late.status).toBe(403);
  expect(await late.json()).toEqual({
    errorType: 'InvalidStateTransition',
    errorMessage:
      'State transition from RuntimeResponseSentState to InvocationResponse failed for runtime. Error: State transition is not allowed',
  });
});

test('an error needs no type in its header', async () => {
  await post('invocation/known/error', '{"errorType":"Within","errorMessage":"m"}');
  await post('invocation/known/error', 'no json');
  expect(heard).toEqual([
    'error known Within {"errorType":"Within","errorMessage":"m"}',
    'error known Unhandled no json',
  ]);
});

test('there is one response mode', async () => {
  const mode = { 'Lambda-Runtime-Function-Response-Mode': 'faster' };
  const response = await post('invocation/known/response', '1', mode);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errorType: 'InvalidFunctionResponseMode' });
  expect(heard[0]).toContain('error known Runtime.InvalidResponseModeHeader');
});

test('a payload beyond the limit is refused', async () => {
  const response = await post('invocation/known/response', 'x'.repeat(6 * 1024 * 1024 + 101));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ errorType: 'RequestEntityTooLarge' });
  expect(heard).toEqual(['too large known']);
});

test('what a caller cannot be sent as a content type is not handed on', async () => {
  const socket = connect(Number(api.address.split(':')[1]), '127.0.0.1');
  socket.end(
    'POST /2018-06-01/runtime/invocation/known/response HTTP/1.1\r\nConnection: close\r\n' +
      'Content-Type: text/\x01plain\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
  );
  expect(await text(socket)).toContain('202 Accepted');
  expect(heard).toEqual(['response known x']);
  expect(streamType).toBe('application/octet-stream');
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
