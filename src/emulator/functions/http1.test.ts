import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveConnection } from './http1.ts';

let server: Server;
let port = 0;

/** Answers with what it understood, so that every test sees the request through the wire. */
beforeEach(async () => {
  server = createServer((socket) =>
    serveConnection(socket, 1000, (request, reply) =>
      reply(
        200,
        '',
        JSON.stringify({
          method: request.method,
          path: request.path,
          body: request.body.toString(),
          tooLarge: request.tooLarge,
          type: request.header('x-type') ?? null,
        }),
      ),
    ),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(() => {
  server.close();
});

/** Sends packets and reads until `count` answers are there or the connection ends. */
async function exchange(packets: (string | Buffer)[], count: number): Promise<string[]> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let text = '';
  const done = new Promise<string[]>((resolve) => {
    const check = (ended: boolean): void => {
      const answers = text.split(/(?=HTTP\/1\.1 )/).filter((part) => !part.includes(' 100 '));
      const complete = answers.filter((part) => part.endsWith('}') || part.includes(' 400 '));
      if (complete.length >= count || ended) resolve(answers);
    };
    socket.on('data', (chunk) => {
      text += chunk;
      check(false);
    });
    socket.on('close', () => check(true));
  });
  for (const packet of packets) {
    await new Promise((resolve) => socket.write(packet, resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answers = await done;
  socket.destroy();
  return answers;
}

function parsed(answer: string | undefined): unknown {
  return JSON.parse(answer?.slice(answer.indexOf('\r\n\r\n') + 4) ?? 'null');
}

const POST = 'POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nX-Type: t\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'POST /a/b HTTP/1.1\r\nhost: x\r\nTRANSFER-ENCODING: chunked\r\nTrailer: X-Type\r\n\r\n' +
  '3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nX-Type: t\r\n\r\n';
const UNDERSTOOD = { method: 'POST', path: '/a/b', body: 'hello', tooLarge: false, type: 't' };

test.each([POST, CHUNKED])('understands a request however it is cut: %#', async (request) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(request.length), { maxLength: 5 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), request.length];
      const packets = at
        .slice(1)
        .map((end, i) => request.slice(at[i], end))
        .filter(Boolean);
      const [answer] = await exchange(packets, 1);
      expect(parsed(answer)).toEqual(UNDERSTOOD);
    }),
    { numRuns: 25 },
  );
});

test('answers requests that came in one packet in their order', async () => {
  const answers = await exchange([`${POST}${CHUNKED}GET /last HTTP/1.1\r\nHost: x\r\n\r\n`], 3);
  expect(answers.map(parsed)).toEqual([
    UNDERSTOOD,
    UNDERSTOOD,
    { method: 'GET', path: '/last', body: '', tooLarge: false, type: null },
  ]);
});

test('asks for the body where the client waits for that', async () => {
  const head = 'POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n';
  const [answer] = await exchange([head, 'ok'], 1);
  expect(parsed(answer)).toMatchObject({ body: 'ok' });
});

test('reads past a body that is too large and serves the next request', async () => {
  const large = `POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5000)}`;
  const answers = await exchange([large, POST], 2);
  expect(parsed(answers[0])).toMatchObject({ tooLarge: true, body: '' });
  expect(parsed(answers[1])).toEqual(UNDERSTOOD);
});

test.each([
  'nonsense\r\n\r\n',
  'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}`,
])('closes the connection on what is not HTTP: %#', async (text) => {
  const [answer] = await exchange([text], 1);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

test('an answer held for the next request leaves before that request is told to continue', async () => {
  const holding = createServer((socket) =>
    serveConnection(socket, 1000, (request, reply) => reply(202, '', request.path, { hold: true })),
  );
  holding.listen(0, '127.0.0.1');
  await once(holding, 'listening');
  const address = holding.address();
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  const next = 'POST /b HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n';
  socket.write(`GET /a HTTP/1.1\r\n\r\n${next}`);
  let text = '';
  for await (const chunk of socket) {
    text += chunk;
    if (text.endsWith('100 Continue\r\n\r\n')) socket.write('x');
    if (text.endsWith('/b')) break;
  }
  holding.close();
  expect(text.match(/HTTP\/1\.1 (\d+)/g)?.map((line) => line.slice(9))).toEqual([
    '202',
    '100',
    '202',
  ]);
});
