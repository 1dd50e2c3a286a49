import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answer } from '../testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';
import type { Front } from './front.ts';
import { lastRestEvent, sendBytes } from './testing/raw-request.ts';

let tested: TestEmulator;
const fronts: Record<string, Front> = {};

beforeAll(async () => {
  tested = await startTestEmulator();
  fronts.rest = await tested.emulator.addFront('rest-api', 'f');
  fronts.http = await tested.emulator.addFront('http-api', 'f');
  fronts.url = await tested.emulator.addFront('function-url', 'f');
  fronts.stream = await tested.emulator.addFront('function-url', 'f', 0, {
    invokeMode: 'response-stream',
  });
});
afterAll(() => tested.close());
beforeEach(() => {
  tested.host.requests.length = 0;
  tested.host.behave = async () => answer({ statusCode: 200, body: '{"data":{}}' });
});

const KINDS = ['rest', 'http', 'url', 'stream'];
const urlOf = (kind: string) => fronts[kind]?.url as string;

function head(kind: string, lines: string[], target?: string, version = '1.1'): string {
  const { host, pathname } = new URL(urlOf(kind));
  const named = lines.some((line) => /^host:/i.test(line)) ? lines : [`Host: ${host}`, ...lines];
  return `GET ${target ?? pathname} HTTP/${version}\r\n${named.join('\r\n')}\r\nConnection: close\r\n\r\n`;
}

const statusOf = (answered: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answered)?.[1] ?? 0);

test.each(KINDS)('%s: an absolute target and HTTP/1.0 are understood', async (kind) => {
  const { origin, pathname } = new URL(urlOf(kind));
  for (const asked of [
    head(kind, [], `${origin}${pathname}?a=1`),
    head(kind, [], `${pathname}?a=1`, '1.0'),
  ]) {
    const answered = await sendBytes(urlOf(kind), asked);
    expect(statusOf(answered)).toBe(200);
    expect(lastRestEvent(tested).queryStringParameters).toEqual({ a: '1' });
  }
});

test.each(KINDS)('%s: two Host headers are refused', async (kind) => {
  const { host } = new URL(urlOf(kind));
  const lines = [`Host: ${host}`, 'hOST: evil.test'];
  expect(statusOf(await sendBytes(urlOf(kind), head(kind, lines)))).toBe(400);
  expect(tested.host.requests).toHaveLength(0);
});

test.each([
  ['rest', 431],
  ['http', 431],
  ['url', 200],
])('%s: 10,240 bytes of headers are the limit: %i', async (kind, status) => {
  const filled = (bytes: number) => head(kind, [`X-Long: ${'x'.repeat(bytes)}`]);
  expect(statusOf(await sendBytes(urlOf(kind), filled(10_000)))).toBe(200);
  expect(statusOf(await sendBytes(urlOf(kind), filled(10_240)))).toBe(status);
  const beyondNode = await sendBytes(urlOf(kind), filled(70_000));
  expect(statusOf(beyondNode)).toBe(431);
});

test('more headers than Node keeps by default are all there', async () => {
  const lines = Array.from({ length: 2500 }, (_, index) => `a${index}: 1`);
  expect(statusOf(await sendBytes(urlOf('rest'), head('rest', lines)))).toBe(200);
  expect(lastRestEvent(tested).headers).toMatchObject({ a0: '1', a2499: '1' });
});

test.each([
  ['no request', 'nonsense\r\n\r\n'],
  ['no method', ' / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a bare line feed in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\nC\r\n\r\n'],
  ['a length that is no number', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n'],
  [
    'length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  [
    'a chunk that is none',
    'POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ],
  ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['TLS', Buffer.from('160301020001', 'hex')],
])('%s closes the connection and nothing else', async (_, bytes) => {
  for (const kind of KINDS) {
    const { host } = new URL(urlOf(kind));
    const sent = typeof bytes === 'string' ? bytes.replace('HOST', host) : bytes;
    expect([0, 400, 403]).toContain(statusOf(await sendBytes(urlOf(kind), sent)));
    expect(statusOf(await sendBytes(urlOf(kind), head(kind, [])))).toBe(200);
  }
  expect(tested.host.requests).toHaveLength(KINDS.length);
});

test.each([
  ['*'],
  ['/bench/graphql?%zz&=&&a=%'],
  ['/bench/graphql#fragment'],
  ['//'],
  ['/%00/%2e%2e/..'],
  [`/${'a/'.repeat(2000)}`],
  ['http://'],
  ['/__proto__?__proto__=1&constructor=2'],
])('the target %s is answered', async (target) => {
  for (const kind of KINDS) {
    const status = statusOf(await sendBytes(urlOf(kind), head(kind, ['__proto__: x'], target)));
    expect([200, 403, 400]).toContain(status);
  }
});

test.each(KINDS)('%s: pipelined requests are answered in their order', async (kind) => {
  tested.host.behave = async ({ payload }) => {
    const { queryStringParameters } = JSON.parse(Buffer.from(payload).toString());
    return answer({ statusCode: 200, body: `<${queryStringParameters.n}>` });
  };
  const { pathname } = new URL(urlOf(kind));
  const one = (n: number) => {
    const text = head(kind, [], `${pathname}?n=${n}`);
    return n === 20 ? text : text.replace('Connection: close\r\n', '');
  };
  const asked = Array.from({ length: 20 }, (_, index) => one(index + 1)).join('');
  const answered = await sendBytes(urlOf(kind), asked);
  const order = [...answered.matchAll(/<(\d+)>/g)].map(([, n]) => Number(n));
  expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test.each(KINDS)('%s: an upload that is broken off reaches no function', async (kind) => {
  const { hostname, port, host, pathname } = new URL(urlOf(kind));
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const lines = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\nhalf`;
  await new Promise((resolve) => socket.write(lines, resolve));
  socket.resetAndDestroy();
  // The next request comes after it on the front's own loop.
  expect(statusOf(await sendBytes(urlOf(kind), head(kind, [])))).toBe(200);
  expect(tested.host.requests).toHaveLength(1);
});

test.each(KINDS)('%s: a caller that left before the answer harms nobody', async (kind) => {
  let finish = (_: Buffer): void => {};
  const reached = new Promise<void>((resolve) => {
    tested.host.behave = () => {
      resolve();
      return new Promise((settle) => {
        finish = settle;
      });
    };
  });
  const { hostname, port } = new URL(urlOf(kind));
  const socket = connect(Number(port), hostname, () => socket.write(head(kind, [])));
  await reached;
  socket.resetAndDestroy();
  finish(answer({ statusCode: 200 }));
  tested.host.behave = async () => answer({ statusCode: 200 });
  expect(statusOf(await sendBytes(urlOf(kind), head(kind, [])))).toBe(200);
});
