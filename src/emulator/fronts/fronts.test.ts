import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { answer } from '../testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';
import type { Front } from './front.ts';

let tested: TestEmulator;
let rest: Front;
let http: Front;
let url: Front;

beforeAll(async () => {
  tested = await startTestEmulator();
  rest = await tested.emulator.addFront('rest-api', 'f');
  http = await tested.emulator.addFront('http-api', 'f');
  url = await tested.emulator.addFront('function-url', 'f');
});
afterAll(() => tested.close());
beforeEach(() => {
  tested.host.requests.length = 0;
  tested.host.behave = async () => answer({ statusCode: 200, body: '{"data":{}}' });
});

const ROOT = '1-5e66d96f-7491f09a2b3c4d5e6f708192';
const lastEvent = () =>
  JSON.parse(Buffer.from(tested.host.requests.at(-1)?.payload ?? '').toString());

test('a REST API gives the function a proxy event of format 1.0', async () => {
  const response = await fetch(`${rest.url}?a=1&a=2&b=%C3%A9`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Amzn-Trace-Id': `Self=1;Root=${ROOT}` },
    body: '{"query":"{é}"}',
  });
  expect(response.status).toBe(200);
  const event = lastEvent();
  expect(event).toMatchObject({
    resource: '/graphql',
    path: '/graphql',
    httpMethod: 'POST',
    queryStringParameters: { a: '2', b: 'é' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['é'] },
    pathParameters: null,
    stageVariables: null,
    body: '{"query":"{é}"}',
    isBase64Encoded: false,
    requestContext: {
      apiId: rest.apiId,
      stage: rest.stage,
      resourcePath: '/graphql',
      httpMethod: 'POST',
      path: `/${rest.stage}/graphql`,
      protocol: 'HTTP/1.1',
      requestId: response.headers.get('x-amzn-requestid'),
      extendedRequestId: response.headers.get('x-amz-apigw-id'),
      identity: { sourceIp: '127.0.0.1' },
    },
  });
  expect(event.requestContext.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} \+0000$/);
  expect(event.multiValueHeaders['content-type']).toEqual(['application/json']);
  expect(event.headers['X-Forwarded-For']).toBe('127.0.0.1');
  const invoked = tested.host.requests.at(-1);
  expect(event.headers['X-Amzn-Trace-Id']).toBe(
    `Root=${ROOT};Parent=${invoked?.trace.parent};Sampled=1`,
  );
  expect(invoked?.trace.root).toBe(ROOT);
  // The gateway's request is another than the function's.
  expect(invoked?.requestId).not.toBe(response.headers.get('x-amzn-requestid'));
  expect(response.headers.get('x-amzn-trace-id')).toMatch(
    new RegExp(`^Root=${ROOT};Parent=[0-9a-f]{16};Sampled=1$`),
  );
});

test('a function URL gives an event of format 2.0', async () => {
  const response = await fetch(`${url.url}graphql?a=1&a=2`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: 'x=1; y=2' },
    body: '{}',
  });
  const event = lastEvent();
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/graphql',
    rawQueryString: 'a=1&a=2',
    cookies: ['x=1', 'y=2'],
    queryStringParameters: { a: '1,2' },
    body: '{}',
    isBase64Encoded: false,
    requestContext: {
      accountId: 'anonymous',
      apiId: url.apiId,
      stage: '$default',
      http: { method: 'POST', path: '/graphql', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      requestId: response.headers.get('x-amzn-requestid'),
    },
  });
  expect(tested.host.requests.at(-1)?.requestId).toBe(response.headers.get('x-amzn-requestid'));
  expect(response.headers.get('x-amzn-trace-id')).toContain(
    tested.host.requests.at(-1)?.trace.root,
  );
});

test('an HTTP API gives an event of format 2.0 with ids of its own', async () => {
  const response = await fetch(`${http.url}?a=1&a=2`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Custom': 'Value',
      cookie: 'x=1; y=2',
      'X-Amzn-Trace-Id': `Root=${ROOT};Sampled=1`,
    },
    body: '{"query":"{a}"}',
  });
  const requestId = response.headers.get('apigw-requestid');
  const event = lastEvent();
  expect(requestId).toMatch(/^[A-Za-z0-9+/]{15}=$/);
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/graphql',
    rawQueryString: 'a=1&a=2',
    cookies: ['x=1', 'y=2'],
    queryStringParameters: { a: '1,2' },
    headers: { 'content-type': 'application/json', 'x-custom': 'Value' },
    requestContext: {
      accountId: tested.emulator.accountId,
      apiId: http.apiId,
      domainPrefix: http.apiId,
      http: { method: 'POST', path: '/graphql', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      requestId,
      routeKey: '$default',
      stage: '$default',
    },
    body: '{"query":"{a}"}',
    isBase64Encoded: false,
  });
  const invoked = tested.host.requests.at(-1);
  // The trace is handed on, but the API itself has no part in it, and says nothing of it.
  expect(invoked?.trace).toEqual({ root: ROOT, parent: null, sampled: true });
  expect(response.headers.get('x-amzn-trace-id')).toBeNull();
  expect(invoked?.requestId).not.toBe(requestId);
});

test('of an answer without a statusCode an HTTP API makes a 200', async () => {
  tested.host.behave = async () => answer({ data: { a: 1 } });
  const response = await fetch(http.url, { method: 'POST', body: '{}' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ data: { a: 1 } });
});

test('a body that is no text reaches a function URL as base64', async () => {
  await fetch(url.url, { method: 'POST', body: new Uint8Array([0, 255]) });
  expect(lastEvent()).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
});

test('a function URL sets cookies', async () => {
  tested.host.behave = async () => answer({ statusCode: 200, cookies: ['a=1', 'b=2'], body: '' });
  const response = await fetch(url.url);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test.each([
  ['refused', 500, 500, 429],
  ['host_capacity', 503, 503, 503],
  [{ errorType: 'Error' }, 502, 500, 502],
  [answer({ statusCode: 'x' }), 502, 500, 502],
] as const)('what the caller sees of %j', async (behaviour, restStatus, httpStatus, urlStatus) => {
  tested.host.behave = async () => behaviour;
  const byRest = await fetch(rest.url, { method: 'POST', body: '{}' });
  expect(byRest.status).toBe(restStatus);
  expect(await byRest.json()).toHaveProperty('message');
  const byHttp = await fetch(http.url, { method: 'POST', body: '{}' });
  expect(byHttp.status).toBe(httpStatus);
  expect(await byHttp.json()).toHaveProperty('message');
  expect((await fetch(url.url, { method: 'POST', body: '{}' })).status).toBe(urlStatus);
});

test.each([
  ['REST', () => rest, 29_000, 504, 'Endpoint request timed out'],
  ['HTTP', () => http, 30_000, 503, 'Service Unavailable'],
])('a %s API waits for its function and no longer', async (_, front, limitMs, status, message) => {
  let answerLate = (_: Buffer): void => {};
  const invoked = new Promise<void>((resolve) => {
    tested.host.behave = () => {
      resolve();
      return new Promise((settle) => {
        answerLate = settle;
      });
    };
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const waiting = fetch(front().url, { method: 'POST', body: '{}' });
    await invoked;
    vi.advanceTimersByTime(limitMs);
    const response = await waiting;
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
  } finally {
    vi.useRealTimers();
    answerLate(answer({ statusCode: 200 }));
  }
});

test('bodies beyond the limits are refused and reach no function', async () => {
  const over = (bytes: number) => ({ method: 'POST', body: Buffer.alloc(bytes + 1, 'x') });
  expect((await fetch(rest.url, over(10 * 1024 * 1024))).status).toBe(413);
  expect((await fetch(rest.url, over(6 * 1024 * 1024))).status).toBe(413);
  expect((await fetch(http.url, over(10 * 1024 * 1024))).status).toBe(413);
  expect((await fetch(url.url, over(6 * 1024 * 1024))).status).toBe(413);
  expect(tested.host.requests).toHaveLength(0);
});

test('a path the REST API does not have is refused as API Gateway does', async () => {
  const response = await fetch(rest.url.replace('/graphql', '/other'));
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
});

test('a request addressed to another host is refused', async () => {
  const { port, pathname } = new URL(rest.url);
  const status = await new Promise((resolve, reject) => {
    request(
      { host: '127.0.0.1', port, path: pathname, method: 'POST', headers: { host: 'evil.test' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on('error', reject)
      .end('{}');
  });
  expect(status).toBe(403);
  expect(tested.host.requests).toHaveLength(0);
});

test('a taken port is a usage error that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const added = tested.emulator.addFront('function-url', 'f', port);
  await expect(added).rejects.toThrow(UsageError);
  await expect(added).rejects.toThrow(`--port: port ${port} is taken`);
  await new Promise((resolve) => other.close(resolve));
});

test('a front that was removed answers no more; an unknown function has none', async () => {
  const front = await tested.emulator.addFront('function-url', 'f');
  await tested.emulator.removeFront(front.url);
  await expect(fetch(front.url)).rejects.toThrow();
  await expect(tested.emulator.addFront('rest-api', 'nobody')).rejects.toThrow(UsageError);
});
