import { gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { answer } from '../testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';
import type { Front } from './front.ts';
import { lastRestEvent as lastEvent, sendRaw } from './testing/raw-request.ts';

let tested: TestEmulator;
let plain: Front;
let tuned: Front;

beforeAll(async () => {
  tested = await startTestEmulator();
  plain = await tested.emulator.addFront('rest-api', 'f');
  tuned = await tested.emulator.addFront('rest-api', 'f', 0, {
    stage: 'dev',
    resource: '/files/{owner}/{path+}',
    stageVariables: { table: 'tweets', empty: '' },
    binaryMediaTypes: ['image/*', 'application/x-protobuf'],
    minimumCompressionBytes: 1000,
  });
});
afterAll(() => tested.close());
beforeEach(() => {
  tested.host.requests.length = 0;
  tested.host.behave = async () => answer({ statusCode: 200, body: '{"data":{}}' });
});

test('headers come as on AWS: some names fixed, some gone, the last of several values single', async () => {
  await sendRaw(plain.url, 'POST', {
    headers: [
      ['aUThorization', 'Bearer x'],
      ['user-agent', 'test'],
      ['X-tWice', 'first'],
      ['X-tWice', 'second'],
      ['Via', 'p.example.net'],
      ['Content-Encoding', 'identity'],
      ['Content-MD5', 'x'],
      ['Max-Forwards', '2'],
      ['Proxy-Authenticate', 'Basic'],
      ['Server', 'x'],
      ['TE', 'deflate'],
      ['WWW-Authenticate', 'Basic'],
      ['X-Forwarded-For', '192.0.2.1'],
    ],
    body: '{}',
  });
  const { headers, multiValueHeaders, requestContext } = lastEvent(tested);
  expect(Object.keys(headers).sort()).toEqual([
    'Authorization',
    'Content-Encoding',
    'Host',
    'User-Agent',
    'Via',
    'X-Amzn-Trace-Id',
    'X-Forwarded-For',
    'X-Forwarded-Port',
    'X-Forwarded-Proto',
    'X-tWice',
  ]);
  expect(headers).toMatchObject({ Authorization: 'Bearer x', 'X-tWice': 'second' });
  expect(headers['X-Forwarded-For']).toBe('192.0.2.1, 127.0.0.1');
  expect(multiValueHeaders['X-tWice']).toEqual(['first', 'second']);
  expect(requestContext.identity.userAgent).toBe('test');
});

test("a signature of AWS's stays with the gateway", async () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=x';
  await sendRaw(plain.url, 'GET', { headers: [['Authorization', authorization]] });
  expect(lastEvent(tested).headers).not.toHaveProperty('Authorization');
});

test('query strings are decoded, paths are not', async () => {
  const path = '//dev//files/a%2Bb/c%20d//e/?plus=1+2&enc=1%2B2&twice=a&twice=b&empty=&semi;=x';
  const { status } = await sendRaw(tuned.url, 'GET', { path });
  expect(status).toBe(200);
  expect(lastEvent(tested)).toMatchObject({
    resource: '/files/{owner}/{path+}',
    path: '/files/a%2Bb/c%20d//e/',
    pathParameters: { owner: 'a%2Bb', path: 'c%20d//e' },
    queryStringParameters: { plus: '1 2', enc: '1+2', twice: 'b', empty: '', semi: '' },
    multiValueQueryStringParameters: { twice: ['a', 'b'], empty: [''] },
    stageVariables: { table: 'tweets', empty: '' },
    body: null,
    isBase64Encoded: false,
    requestContext: {
      path: '/dev//files/a%2Bb/c%20d//e/',
      resourcePath: '/files/{owner}/{path+}',
      stage: 'dev',
      deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
      extendedRequestId: expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/),
    },
  });
});

test.each([
  ['POST', '/bench/graphql/', 200],
  ['GET', '/bench//graphql', 200],
  ['HEAD', '/bench/graphql', 200],
  ['OPTIONS', '/bench/graphql', 200],
  ['PROPFIND', '/bench/graphql', 403],
  ['POST', '/benchgraphql', 403],
  ['POST', '/bench/graphql/more', 403],
  ['POST', '/graphql', 403],
])('%s %s is answered with %i', async (method, path, status) => {
  expect(await sendRaw(plain.url, method, { path })).toMatchObject({ status });
  expect(tested.host.requests).toHaveLength(status === 200 ? 1 : 0);
});

test.each([
  ['image/png', true],
  ['IMAGE/PNG; q=1', true],
  ['application/x-protobuf', true],
  ['application/json', false],
  [undefined, false],
])('a body of type %s is bytes: %s', async (type, isBase64Encoded) => {
  const headers: [string, string][] = type === undefined ? [] : [['Content-Type', type]];
  const path = '/dev/files/a/b';
  await sendRaw(tuned.url, 'POST', { path, headers, body: 'hi' });
  expect(lastEvent(tested)).toMatchObject({
    isBase64Encoded,
    body: isBase64Encoded ? 'aGk=' : 'hi',
  });
});

test.each([
  ['image/png', 'hi'],
  ['image/png, text/html', 'hi'],
  ['text/html, image/png', 'aGk='],
  ['application/*', 'aGk='],
  ['*/*', 'aGk='],
  [undefined, 'aGk='],
])('accepting %s gives %s of an answer in base64', async (accept, body) => {
  tested.host.behave = async () => answer({ statusCode: 200, body: 'aGk=', isBase64Encoded: true });
  const headers: [string, string][] = accept === undefined ? [] : [['Accept', accept]];
  const path = '/dev/files/a/b';
  expect((await sendRaw(tuned.url, 'GET', { path, headers })).body.toString()).toBe(body);
});

test('every type is binary where that is asked for', async () => {
  const front = await tested.emulator.addFront('rest-api', 'f', 0, { binaryMediaTypes: ['*/*'] });
  tested.host.behave = async () => answer({ body: 'aGk=', isBase64Encoded: true });
  const { body } = await sendRaw(front.url, 'POST', { body: 'x' });
  expect(body.toString()).toBe('hi');
  expect(lastEvent(tested)).toMatchObject({ body: 'eA==', isBase64Encoded: true });
});

test.each([
  ['gzip', 'gzip', gunzipSync],
  ['br, deflate;q=0.5, gzip;q=0.2', 'deflate', inflateSync],
] as const)(
  'an answer to %s is compressed with %s from a length on',
  async (accepted, coding, undo) => {
    const long = JSON.stringify({ data: 'x'.repeat(2000) });
    const ask = {
      path: '/dev/files/a/b',
      headers: [['Accept-Encoding', accepted]] as [string, string][],
    };
    tested.host.behave = async () => answer({ statusCode: 200, body: long });
    const { headers, body } = await sendRaw(tuned.url, 'GET', ask);
    expect(headers['content-encoding']).toBe(coding);
    expect(Number(headers['content-length'])).toBe(body.length);
    expect(undo(body).toString()).toBe(long);
    tested.host.behave = async () => answer({ statusCode: 200, body: '{"short":true}' });
    expect((await sendRaw(tuned.url, 'GET', ask)).headers).not.toHaveProperty('content-encoding');
    tested.host.behave = async () =>
      answer({ statusCode: 200, headers: { 'content-encoding': 'x' }, body: long });
    expect((await sendRaw(tuned.url, 'GET', ask)).headers['content-encoding']).toBe('x');
  },
);

test.each([['*'], ['identity'], ['gzip;q=0'], ['br']])(
  '%s asks for no compression',
  async (accepted) => {
    tested.host.behave = async () => answer({ statusCode: 200, body: 'x'.repeat(2000) });
    const headers: [string, string][] = [['Accept-Encoding', accepted]];
    const { body } = await sendRaw(tuned.url, 'GET', { path: '/dev/files/a/b', headers });
    expect(body).toHaveLength(2000);
  },
);

test('a compressed request is decompressed, a false or unknown coding is 415', async () => {
  const send = (coding: string, body: Buffer) =>
    sendRaw(plain.url, 'POST', { headers: [['Content-Encoding', coding]], body });
  await send('gzip', gzipSync('{"query":"{a}"}'));
  expect(lastEvent(tested).body).toBe('{"query":"{a}"}');
  const refused = await send('gzip', Buffer.from('{}'));
  expect(refused).toMatchObject({
    status: 415,
    headers: { 'x-amzn-errortype': 'BadRequestException' },
  });
  expect(await send('br', Buffer.from('{}'))).toMatchObject({ status: 415 });
  expect(await send('gzip', gzipSync(Buffer.alloc(11 * 1024 * 1024)))).toMatchObject({
    status: 413,
  });
  expect(tested.host.requests).toHaveLength(1);
});

test('what a function sets and the API does not let it is handed on under another name', async () => {
  tested.host.behave = async () =>
    answer({
      statusCode: 401,
      headers: {
        'WWW-Authenticate': 'Basic',
        'content-length': 2,
        Via: 'x',
        'X-Mine': true,
        'x-amzn-RequestId': 'mine',
      },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
      body: 'no',
    });
  const { headers, rawNames } = await sendRaw(plain.url, 'GET', {});
  expect(headers).toMatchObject({
    'x-amzn-remapped-www-authenticate': 'Basic',
    'x-amzn-remapped-content-length': '2',
    'x-amzn-remapped-x-amzn-requestid': 'mine',
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'content-length': '2',
    'content-type': 'application/json',
    'x-mine': 'true',
    'set-cookie': ['a=1', 'b=2'],
  });
  expect(headers).not.toHaveProperty('www-authenticate');
  expect(headers).not.toHaveProperty('via');
  expect(rawNames).toEqual(
    expect.arrayContaining(['X-Mine', 'x-amzn-RequestId', 'x-amz-apigw-id', 'X-Amzn-Trace-Id']),
  );
});

test.each([[204], [304]])('a %i has no body and no length', async (statusCode) => {
  tested.host.behave = async () => answer({ statusCode, body: 'surplus' });
  const { status, headers, body } = await sendRaw(plain.url, 'GET', {});
  expect({ status, length: body.length }).toEqual({ status: statusCode, length: 0 });
  expect(headers).not.toHaveProperty('content-length');
});

test('HEAD has the length of the body and not the body', async () => {
  const { headers, body } = await sendRaw(plain.url, 'HEAD', {});
  expect(headers['content-length']).toBe('11');
  expect(body).toHaveLength(0);
});

test('errors say of what type they are, and those before the integration have no trace', async () => {
  tested.host.behave = async () => ({ errorType: 'Error' });
  const failed = await sendRaw(plain.url, 'GET', {});
  expect(failed.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
  expect(failed.headers['x-amzn-trace-id']).toMatch(/^Root=/);
  const missing = await sendRaw(plain.url, 'GET', { path: '/bench/other' });
  expect(missing.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
  expect(missing.headers).not.toHaveProperty('x-amzn-trace-id');
});

test('the time limit of the integration can be shorter', async () => {
  const hasty = await tested.emulator.addFront('rest-api', 'f', 0, { integrationTimeoutMs: 50 });
  let answerLate = (_: Buffer): void => {};
  tested.host.behave = () =>
    new Promise((settle) => {
      answerLate = settle;
    });
  expect(await sendRaw(hasty.url, 'GET', {})).toMatchObject({ status: 504 });
  answerLate(answer({ statusCode: 200 }));
});

test.each([['graphql'], ['/a{b}'], ['/{a+}/b'], ['/a//b'], ['/ü']])(
  'a resource that is none is refused: %s',
  async (resource) => {
    const added = tested.emulator.addFront('rest-api', 'f', 0, { resource });
    await expect(added).rejects.toThrow(UsageError);
  },
);
