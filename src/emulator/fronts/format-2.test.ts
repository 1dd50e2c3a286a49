import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answer } from '../testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';
import type { Front } from './front.ts';
import { lastFormat2Event as lastEvent, sendRaw } from './testing/raw-request.ts';

let tested: TestEmulator;
let http: Front;
let dev: Front;
let url: Front;

beforeAll(async () => {
  tested = await startTestEmulator();
  http = await tested.emulator.addFront('http-api', 'f');
  dev = await tested.emulator.addFront('http-api', 'f', 0, {
    stage: 'dev',
    stageVariables: { table: 'tweets' },
  });
  url = await tested.emulator.addFront('function-url', 'f');
});
afterAll(() => tested.close());
beforeEach(() => {
  tested.host.requests.length = 0;
  tested.host.behave = async () => answer({ statusCode: 200, body: '{"data":{}}' });
});

const FRONTS = [
  ['HTTP API', () => http],
  ['function URL', () => url],
] as const;

test.each(FRONTS)(
  'header values of one name are joined, cookies are apart: %s',
  async (kind, front) => {
    await sendRaw(front().url, 'GET', {
      headers: [
        ['X-Probe', 'first'],
        ['x-pRobe', 'second'],
        ['Authorization', 'a'],
        ['Authorization', 'b'],
        ['Cookie', 'session=abc123; theme=dark'],
        ['cookie', 'more=1'],
        ['Keep-Alive', 'x'],
      ],
    });
    const { headers, cookies } = lastEvent(tested);
    expect(cookies).toEqual(['session=abc123', 'theme=dark', 'more=1']);
    expect(headers).toMatchObject({
      'x-probe': 'first,second',
      authorization: 'a,b',
      'content-length': '0',
      'x-forwarded-port': new URL(front().url).port,
    });
    expect(headers).not.toHaveProperty('connection');
    expect(headers.cookie).toBe(
      kind === 'HTTP API' ? undefined : 'session=abc123; theme=dark,more=1',
    );
  },
);

test.each([
  ['HTTP API', () => http, '/a b/c?d'.split('?', 1)[0]],
  ['function URL', () => url, '/a%20b/c%3Fd'],
])('the raw path of a %s', async (_, front, rawPath) => {
  const rawQueryString = 'repeat=one&repeat=two&plus=a+b&enc=a%2Bb&empty=';
  await sendRaw(front().url, 'GET', { path: `/a%20b/c%3Fd?${rawQueryString}` });
  expect(lastEvent(tested)).toMatchObject({
    rawPath,
    rawQueryString,
    queryStringParameters: { repeat: 'one,two', plus: 'a b', enc: 'a+b', empty: '' },
    requestContext: { http: { path: '/a b/c?d' } },
  });
});

test('what cannot be decoded stays as it was sent', async () => {
  await sendRaw(http.url, 'GET', { path: '/pa2%Fth/%C3?q=%zz' });
  expect(lastEvent(tested)).toMatchObject({
    rawPath: '/pa2%Fth/%C3',
    queryStringParameters: { q: '%zz' },
  });
});

test.each([
  ['text/plain; charset=utf-8', true],
  ['APPLICATION/JSON', true],
  ['application/xml', true],
  ['application/javascript', true],
  ['application/x-www-form-urlencoded', false],
  ['application/graphql-response+json', false],
  ['multipart/form-data; boundary=text/plain', false],
  [undefined, false],
])('a body of type %s is text: %s', async (type, isText) => {
  const headers: [string, string][] = type === undefined ? [] : [['Content-Type', type]];
  for (const front of [http, url]) {
    await sendRaw(front.url, 'POST', { headers, body: '{"é":1}' });
    expect(lastEvent(tested)).toMatchObject({
      body: isText ? '{"é":1}' : Buffer.from('{"é":1}').toString('base64'),
      isBase64Encoded: !isText,
    });
  }
});

test("a named stage begins its API's paths and knows its variables", async () => {
  expect(new URL(dev.url).pathname).toBe('/dev/graphql');
  expect(await sendRaw(dev.url, 'POST', {})).toMatchObject({ status: 200 });
  expect(lastEvent(tested)).toMatchObject({
    rawPath: '/dev/graphql',
    stageVariables: { table: 'tweets' },
    requestContext: { stage: 'dev', http: { path: '/dev/graphql' } },
  });
  const other = await sendRaw(dev.url, 'POST', { path: '/developer/graphql' });
  expect(other).toMatchObject({ status: 404, body: Buffer.from('{"message":"Not Found"}') });
  expect(lastEvent(tested)).not.toHaveProperty('pathParameters');
});

test('a base64 answer is decoded, cookies join those among the headers', async () => {
  tested.host.behave = async () =>
    answer({
      statusCode: 201,
      headers: { 'content-type': 'image/png', 'set-cookie': 'a=1', 'www-authenticate': 'Basic' },
      cookies: ['b=2'],
      body: 'aGk=',
      isBase64Encoded: true,
    });
  const common = { 'content-type': 'image/png', 'set-cookie': ['a=1', 'b=2'] };
  const ofHttp = await sendRaw(http.url, 'GET', {});
  expect(ofHttp).toMatchObject({ status: 201, headers: common, body: Buffer.from('hi') });
  expect(ofHttp.headers['www-authenticate']).toBe('Basic');
  const ofUrl = await sendRaw(url.url, 'GET', {});
  expect(ofUrl).toMatchObject({ status: 201, headers: common, body: Buffer.from('hi') });
  expect(ofUrl.headers['x-amzn-remapped-www-authenticate']).toBe('Basic');
});

test('a function URL names the limit that was reached', async () => {
  tested.host.behave = async () => 'refused';
  const { status, headers, body } = await sendRaw(url.url, 'GET', {});
  expect(status).toBe(429);
  expect(headers['x-amzn-errortype']).toBe('TooManyRequestsException');
  expect(JSON.parse(body.toString()).Reason).toBe(
    'ReservedFunctionConcurrentInvocationLimitExceeded',
  );
});

test.each(['rest-api', 'http-api', 'function-url'] as const)(
  'a %s can be of an alias',
  async (kind) => {
    const front = await tested.emulator.addFront(kind, 'f', 0, { qualifier: 'live' });
    await sendRaw(front.url, 'POST', {});
    expect(tested.host.requests.at(-1)?.qualifier).toBe('live');
    await sendRaw(http.url, 'POST', {});
    expect(tested.host.requests.at(-1)?.qualifier).toBeNull();
  },
);
