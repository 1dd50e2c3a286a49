import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, expect, test } from 'vitest';
import { LoopbackHandler } from './loopback-handler.ts';

/** Against a server that sends what it is told, byte by byte where that is asked for. */

let server: Server;
let sockets: Socket[] = [];
let handler: LoopbackHandler;
afterEach(() => {
  handler.destroy();
  for (const socket of sockets) socket.destroy();
  sockets = [];
  server.close();
});

type Script = (socket: Socket, request: string, connection: number) => void;

async function start(script: Script): Promise<() => Promise<{ status: number; body: string }>> {
  server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => script(socket, bytes.toString(), connection));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const others = {
    handle: () => Promise.reject(new Error('left to the other')),
    metadata: { handlerProtocol: 'http/1.1' },
  };
  handler = new LoopbackHandler(others);
  return async () => {
    const request = new HttpRequest({
      protocol: 'http:',
      hostname: '127.0.0.1',
      port,
      method: 'POST',
      path: '/Traces',
      headers: { host: `127.0.0.1:${port}`, 'content-length': '4' },
      body: Buffer.from('"é"'),
    });
    const { response } = await handler.handle(request);
    return { status: response.statusCode, body: Buffer.from(response.body).toString() };
  };
}

async function bytewise(socket: Socket, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (!socket.write(Buffer.of(byte))) await once(socket, 'drain');
    await new Promise(setImmediate);
  }
}

test('answers of a told length, in chunks, and up to the end; whole or byte by byte', async () => {
  const length = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n{"é"}';
  const chunks =
    'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n';
  const empty = 'HTTP/1.1 204 No Content\r\n\r\n';
  const answers = [length, chunks, empty, 'HTTP/1.0 200 OK\r\n\r\nrest'];
  const read: unknown[] = [];
  let asked = 0;
  const ask = await start(async (socket, request) => {
    expect(request).toMatch(/^POST \/Traces HTTP\/1\.1\r\n(?:.+\r\n)+\r\n"é"$/);
    const text = answers[asked % answers.length] as string;
    if (asked < answers.length) socket.write(text);
    else await bytewise(socket, text);
    asked += 1;
    if (text.startsWith('HTTP/1.0')) socket.end();
  });
  for (let i = 0; i < 2 * answers.length; i += 1) read.push(await ask());
  const expected = [
    { status: 200, body: '{"é"}' },
    { status: 404, body: 'abc0123456789' },
    { status: 204, body: '' },
    { status: 200, body: 'rest' },
  ];
  expect(read).toEqual([...expected, ...expected]);
  // Kept alive but where the answer ended with the connection.
  expect(sockets).toHaveLength(2);
});

test('as many connections as calls at once', async () => {
  const waiting: Socket[] = [];
  const ask = await start((socket) => {
    waiting.push(socket);
    if (waiting.length < 3) return;
    for (const each of waiting.splice(0))
      each.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n.');
  });
  for (let i = 0; i < 3; i += 1) await Promise.all([ask(), ask(), ask()]);
  expect(sockets).toHaveLength(3);
});

test('what breaks off, is no HTTP, or comes unasked fails the call and not the next', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n';
  const ask = await start((socket, _, connection) => {
    if (connection === 1) socket.end(`${head}a`);
    else if (connection === 2) socket.write('SSH-2.0-OpenSSH\r\n\r\n');
    else if (connection === 3) socket.write(`${head}abc`);
    else if (connection === 4) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1e9\r\n\r\n');
    else if (connection === 5) socket.write(`${head}ab${head}cd`);
    else socket.write(`${head}ok`);
  });
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(ask()).rejects.toThrow('no HTTP');
  await expect(ask()).rejects.toThrow();
  await expect(ask()).rejects.toThrow('1e9 bytes');
  await expect(ask()).rejects.toThrow();
  expect(await ask()).toEqual({ status: 200, body: 'ok' });
});

test('nobody there is told as such; destroying ends what is under way', async () => {
  let asked = () => {};
  const called = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const ask = await start(() => asked());
  const hanging = expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
  await called;
  handler.destroy();
  await hanging;
  server.close();
  await once(server, 'close');
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('TLS, queries, streams and options of a call are left to the SDK', async () => {
  await start(() => {});
  const plain = {
    protocol: 'http:',
    hostname: '127.0.0.1',
    method: 'POST',
    path: '/',
    headers: {},
  };
  const others = [
    handler.handle(new HttpRequest({ ...plain, protocol: 'https:' })),
    handler.handle(new HttpRequest({ ...plain, query: { a: 'b' } })),
    handler.handle(new HttpRequest({ ...plain, body: new ReadableStream() })),
    handler.handle(new HttpRequest({ ...plain, headers: { a: 'b\r\nc: d' } })),
    handler.handle(new HttpRequest(plain), { requestTimeout: 1 }),
  ];
  for (const other of others) await expect(other).rejects.toThrow('left to the other');
  expect(sockets).toHaveLength(0);
});
