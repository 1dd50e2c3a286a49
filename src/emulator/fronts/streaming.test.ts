import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answer, type Behaviour } from '../testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';
import type { Front } from './front.ts';
import { PRELUDE_TYPE } from './stream-prelude.ts';
import { sendRaw } from './testing/raw-request.ts';

let tested: TestEmulator;
let url: Front;

beforeAll(async () => {
  tested = await startTestEmulator();
  url = await tested.emulator.addFront('function-url', 'f', 0, { invokeMode: 'response-stream' });
});
afterAll(() => tested.close());
beforeEach(() => {
  tested.host.requests.length = 0;
});

const NULS = '\0'.repeat(8);
const EMPTY = Buffer.alloc(0);

/** A function that streams: `write` gets its stream, and what it resolves with is the invocation's end. */
function streaming(
  contentType: string,
  write: (stream: Writable) => Promise<{ errorType: string } | undefined>,
): Behaviour {
  return async ({ openStream }) => {
    if (openStream === null) throw new Error('not asked to stream');
    const stream = openStream(contentType);
    const failed = await write(stream);
    if (failed === undefined) stream.end();
    else stream.destroy(new Error(failed.errorType));
    return failed ?? EMPTY;
  };
}

/** The head of an answer, as soon as it is there. */
async function head(): Promise<IncomingMessage> {
  const sent = request(url.url, { agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

async function nextText(response: IncomingMessage): Promise<string> {
  const came = once(response, 'data');
  response.resume();
  const [chunk] = (await came) as [Buffer];
  response.pause();
  return chunk.toString();
}

test('head and first chunk are with the caller before the function has ended', async () => {
  let goOn = (): void => {};
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const prelude = { statusCode: 201, headers: { 'X-Mine': 'yes' }, cookies: ['a=1', 'b=2'] };
  tested.host.behave = streaming(PRELUDE_TYPE, async (stream) => {
    stream.write(`${JSON.stringify(prelude)}${NULS}first`);
    await told;
    stream.write('second');
    return undefined;
  });
  const response = await head();
  expect(response.statusCode).toBe(201);
  expect(response.headers).toMatchObject({
    'x-mine': 'yes',
    'set-cookie': ['a=1', 'b=2'],
    'content-type': 'application/octet-stream',
    'transfer-encoding': 'chunked',
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(await nextText(response)).toBe('first');
  goOn();
  let rest = '';
  for await (const part of response) rest += part;
  expect(rest).toBe('second');
});

test('the prelude may come in pieces, and its head without a body', async () => {
  tested.host.behave = streaming(PRELUDE_TYPE, async (stream) => {
    const text = `{"headers":{"content-type":"text/html"}}${NULS}`;
    for (const byte of Buffer.from(text)) stream.write(Buffer.from([byte]));
    return undefined;
  });
  const { status, headers, body } = await sendRaw(url.url, 'GET', {});
  expect({ status, body }).toEqual({ status: 200, body: EMPTY });
  expect(headers['content-type']).toBe('text/html');
});

test.each([
  ['text/event-stream', 'text/event-stream'],
  ['', 'application/octet-stream'],
])('a stream of type "%s" without a prelude is a 200 of type %s', async (posted, shown) => {
  tested.host.behave = streaming(posted, async (stream) => {
    stream.write(`no prelude${NULS}`);
    return undefined;
  });
  const { status, headers, body } = await sendRaw(url.url, 'GET', {});
  expect(status).toBe(200);
  expect(headers['content-type']).toBe(shown);
  expect(body.toString()).toBe(`no prelude${NULS}`);
});

test('an answer that was not streamed comes as it is, envelope and all', async () => {
  const result = { statusCode: 418, headers: { a: 'b' }, body: 'tea' };
  tested.host.behave = async () => answer(result);
  const { status, headers, body } = await sendRaw(url.url, 'GET', {});
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json');
  expect(headers).not.toHaveProperty('content-length');
  expect(JSON.parse(body.toString())).toEqual(result);
});

test.each([
  ['ended before its prelude', '{"statusCode":200'],
  ['a prelude that is no JSON', `nonsense${NULS}`],
  ['a prelude that is no object', `[]${NULS}`],
  ['a status that is none', `{"statusCode":99}${NULS}`],
  ['a header HTTP cannot carry', `{"headers":{"a":"b\\nc"}}${NULS}`],
])('%s is a 502', async (_, text) => {
  tested.host.behave = streaming(PRELUDE_TYPE, async (stream) => {
    stream.write(text);
    return undefined;
  });
  const { status, body } = await sendRaw(url.url, 'GET', {});
  expect({ status, body: body.toString() }).toEqual({ status: 502, body: 'Internal Server Error' });
});

test('a failure before anything was sent is a 502, one after it breaks the connection', async () => {
  tested.host.behave = async () => ({ errorType: 'Error' });
  expect(await sendRaw(url.url, 'GET', {})).toMatchObject({ status: 502 });
  tested.host.behave = streaming(PRELUDE_TYPE, async () => ({ errorType: 'Error' }));
  expect(await sendRaw(url.url, 'GET', {})).toMatchObject({ status: 502 });
  tested.host.behave = streaming('text/plain', async (stream) => {
    stream.write('a part');
    // The part is on its way before the function fails.
    await new Promise((resolve) => stream.write('', resolve));
    return { errorType: 'Error' };
  });
  await expect(sendRaw(url.url, 'GET', {})).rejects.toThrow(/aborted|ECONNRESET/);
  // The front goes on.
  tested.host.behave = async () => answer({});
  expect(await sendRaw(url.url, 'GET', {})).toMatchObject({ status: 200 });
});

test('a function writes no faster than the caller reads', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const chunks = 32;
  let written = 0;
  let ended = false;
  tested.host.behave = streaming('text/plain', async (stream) => {
    for (; written < chunks; written += 1) {
      if (!stream.write(chunk)) await once(stream, 'drain');
    }
    ended = true;
    return undefined;
  });
  const response = await head();
  // Nobody reads: what the kernel's buffers take is less than all.
  while (written === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(false);
  let bytes = 0;
  for await (const part of response) bytes += (part as Buffer).length;
  expect(bytes).toBe(chunks * chunk.length);
});

test('where the caller goes away the function goes on to its end', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const ended = new Promise<void>((resolve) => {
    tested.host.behave = streaming('text/plain', async (stream) => {
      for (let i = 0; i < 32; i += 1) {
        if (!stream.write(chunk)) await once(stream, 'drain');
      }
      resolve();
      return undefined;
    });
  });
  (await head()).destroy();
  await ended;
});

test('HEAD and 204 have no body', async () => {
  tested.host.behave = streaming(PRELUDE_TYPE, async (stream) => {
    stream.write(`{"statusCode":204}${NULS}surplus`);
    return undefined;
  });
  expect(await sendRaw(url.url, 'GET', {})).toMatchObject({ status: 204, body: EMPTY });
  expect(await sendRaw(url.url, 'HEAD', {})).toMatchObject({ status: 204, body: EMPTY });
});
