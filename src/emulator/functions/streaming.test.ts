import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ResponseStream } from './response-stream.ts';
import { type Bench, errorOf, openBench } from './testing/open-bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.create('f', { handler: { file: 'streams.mjs', exportName: 'handler' }, timeoutS: 2 });
});
afterEach(() => bench.close());

/** A caller that takes a streamed response. */
function caller(hooks: { onPart?: (part: string, target: Writable) => void } = {}) {
  const parts: Buffer[] = [];
  const seen = { contentType: '', closed: false, finished: false };
  const target: Writable = new Writable({
    write(chunk: Buffer, _, done) {
      parts.push(chunk);
      hooks.onPart?.(String(chunk), target);
      done();
    },
  });
  target.on('finish', () => {
    seen.finished = true;
  });
  const closed = new Promise<void>((resolve) => target.once('close', () => resolve()));
  return {
    seen,
    closed,
    text: () => Buffer.concat(parts).toString(),
    open: (contentType: string) => {
      seen.contentType = contentType;
      return target;
    },
  };
}

test('parts reach the caller as they are written', async () => {
  // The handler goes on only once its last part has come: it would time out where parts were kept.
  let arrived = Promise.withResolvers<void>();
  const to = caller({ onPart: () => arrived.resolve() });
  const gate = createServer(async (_, response) => {
    await arrived.promise;
    arrived = Promise.withResolvers();
    response.end();
  }).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const { port } = gate.address() as AddressInfo;
  const parts = ['one ', 'two ', 'three'];
  const event = { action: 'parts', parts, gate: `http://127.0.0.1:${port}` };
  const result = await bench.call('f', event, 'r1', to.open);
  await to.closed;
  gate.close();
  expect(result).toMatchObject({ kind: 'answer', streamed: true });
  expect(to.text()).toBe('one two three');
  expect(to.seen).toMatchObject({ contentType: 'application/octet-stream', finished: true });
  await bench.host.endEnvironments('f');
  const [record] = bench.records;
  expect(record).toMatchObject({ status: 'success', producedBytes: 13 });
  expect(record?.firstByteUs).toBeLessThan(record?.respondedUs ?? 0);
});

test('HttpResponseStream puts its metadata before the body, and needs a body', async () => {
  const metadata = { statusCode: 201, headers: { a: 'b' } };
  const full = caller();
  await bench.call('f', { action: 'http', metadata, body: 'hello' }, 'r1', full.open);
  await full.closed;
  expect(full.text()).toBe(`${JSON.stringify(metadata)}${'\0'.repeat(8)}hello`);
  expect(full.seen.contentType).toBe('application/vnd.awslambda.http-integration-response');
  const empty = caller();
  await bench.call('f', { action: 'http', metadata }, 'r2', empty.open);
  await empty.closed;
  expect(empty.text()).toBe('');
});

test('who asks for no stream gets it whole, up to the limit of Invoke', async () => {
  const event = { action: 'parts', parts: ['one ', 'two'] };
  const result = await bench.call('f', event);
  expect(result).toMatchObject({ kind: 'answer', streamed: false });
  expect(result.kind === 'answer' && String(result.payload)).toBe('one two');
  const large = errorOf(await bench.call('f', { action: 'bytes', bytes: 6_300_000 }));
  expect(large.errorType).toBe('Function.ResponseSizeTooLarge');
});

test('a plain handler is streamed to who asks for it, in one part', async () => {
  await bench.create('plain');
  const to = caller();
  const result = await bench.call('plain', { action: 'echo' }, 'r1', to.open);
  expect(result).toMatchObject({ kind: 'answer', streamed: false });
});

test.each(['throw', 'later'])('an error within a stream breaks it off: %s', async (how) => {
  const to = caller();
  const result = await bench.call('f', { action: 'breaks', after: 'part', how }, 'r1', to.open);
  await to.closed;
  expect(errorOf(result)).toMatchObject({ errorType: 'RangeError', errorMessage: 'as asked' });
  expect(result).toMatchObject({ streamed: true });
  expect(to.text()).toBe('part');
  expect(to.seen.finished).toBe(false);
});

test('an error before the first byte opens no stream', async () => {
  const to = caller();
  const event = { action: 'breaks', after: '', how: 'throw' };
  const result = await bench.call('f', event, 'r1', to.open);
  expect(result).toMatchObject({ kind: 'function_error', streamed: false });
  expect(to.seen.contentType).toBe('');
  // The environment lives on.
  const again = caller();
  await bench.call('f', { action: 'parts', parts: ['x'] }, 'r2', again.open);
  expect((await bench.host.facts()).environmentsStarted).toBe(1);
});

test('a process that ends within a stream breaks it off', async () => {
  const to = caller();
  const event = { action: 'breaks', after: 'part', how: 'exit' };
  const result = await bench.call('f', event, 'r1', to.open);
  await to.closed;
  expect(errorOf(result)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: r1 Error: Runtime exited with error: exit status 7',
  });
  expect(to.seen.finished).toBe(false);
  expect(bench.records[0]).toMatchObject({ producedBytes: 4, errorType: 'Runtime.ExitError' });
});

test('a timeout within a stream breaks it off', async () => {
  await bench.create('short', {
    handler: { file: 'streams.mjs', exportName: 'handler' },
    timeoutS: 1,
  });
  const to = caller();
  const event = { action: 'breaks', after: 'part', how: 'hang' };
  const result = await bench.call('short', event, 'r1', to.open);
  await to.closed;
  expect(errorOf(result).errorType).toBe('Sandbox.Timedout');
  expect(to.text()).toBe('part');
  expect(to.seen.finished).toBe(false);
});

test('a caller that goes away does not stop the function', async () => {
  const to = caller({ onPart: (_, target) => target.destroy() });
  const result = await bench.call('f', { action: 'bytes', bytes: 3_000_000 }, 'r1', to.open);
  expect(result).toMatchObject({ kind: 'answer', streamed: true });
  await bench.host.endEnvironments('f');
  expect(bench.records[0]).toMatchObject({ status: 'success', producedBytes: 3_000_000 });
});

test('a slow caller holds the runtime back', async () => {
  // Of the part being written; none between two parts.
  let release: (() => void) | null = null;
  let taken = 0;
  const target = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _, done) {
      taken += chunk.length;
      release = done;
    },
  });
  let settled = false;
  const result = bench
    .call('f', { action: 'bytes', bytes: 5_000_000 }, 'r1', () => target)
    .finally(() => {
      settled = true;
    });
  while (taken === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  // What fits into the sockets between them is far less than what is left.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  expect(target.writableLength).toBeLessThan(300_000);
  const drain = (): void => {
    const done = release;
    release = null;
    done?.();
    if (!settled) setImmediate(drain);
  };
  drain();
  expect(await result).toMatchObject({ kind: 'answer', streamed: true });
  expect(taken).toBe(5_000_000);
});

test('after its burst a stream has a bandwidth, and it ends at its limit', async () => {
  const to = caller();
  const resumed: number[] = [];
  const hooks = { resume: () => resumed.push(performance.now()), onCut: () => {} };
  const limits = { bytes: 30_000, burstBytes: 1000, bytesPerS: 100_000 };
  const stream = new ResponseStream(to.open, 'text/plain', limits, hooks);
  const startedAt = performance.now();
  expect(stream.write(Buffer.alloc(1000, 'a'))).toBe(true);
  // What is beyond the allowance is taken, and has to be waited for: 20,000 bytes take 200 ms.
  expect(stream.write(Buffer.alloc(20_000, 'b'))).toBe(false);
  while (resumed.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((resumed[0] ?? 0) - startedAt).toBeGreaterThan(195);
  expect(stream.tooLarge).toBe(false);
  stream.write(Buffer.alloc(20_000, 'c'));
  expect(stream).toMatchObject({ tooLarge: true, bytes: 30_000 });
  stream.destroy();
  await to.closed;
  expect(to.seen.finished).toBe(false);
});

test('what comes after the invocation has ended opens no answer', () => {
  const opened: string[] = [];
  const open = (contentType: string): Writable => {
    opened.push(contentType);
    return new Writable();
  };
  const limits = { bytes: 10, burstBytes: 10, bytesPerS: 10 };
  const hooks = { resume: () => {}, onCut: () => {} };
  const stream = new ResponseStream(open, 'text/plain', limits, hooks);
  stream.destroy();
  expect(stream.write(Buffer.from('late'))).toBe(true);
  expect([opened, stream.opened, stream.bytes]).toEqual([[], false, 0]);
});
