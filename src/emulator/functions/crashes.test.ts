import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Bench, errorOf, openBench } from './testing/open-bench.ts';

/** What handlers do that the platform must survive. */
const HANDLER = `
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
const actions = {
  pid: () => process.pid,
  root: () => process.env.LAMBDA_TASK_ROOT,
  hang: () => {
    console.log('pid ' + process.pid);
    return new Promise(() => setInterval(() => {}, 1000));
  },
  print: ({ bytes }) => console.log('x'.repeat(bytes)),
  closeAtOnce: () => {
    const socket = createSocket('udp4');
    socket.send('lost', 9, '127.0.0.1');
    socket.close();
    return 'sent';
  },
  leaveChild: () => {
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'inherit' });
    return new Promise(() => child.once('spawn', () => process.exit(3)));
  },
};
export const handler = async (event) => actions[event.action](event) ?? null;
`;

let codeFolder: string;
let bench: Bench;
beforeAll(async () => {
  codeFolder = await mkdtemp(join(tmpdir(), 'bench-test-'));
  await writeFile(join(codeFolder, 'index.mjs'), HANDLER);
});
afterAll(() => rm(codeFolder, { recursive: true }));
afterEach(() => bench.close());

async function open(): Promise<void> {
  bench = await openBench();
  await bench.create('f', {
    codeFolder,
    handler: { file: 'index.mjs', exportName: 'handler' },
    timeoutS: 20,
  });
}

/** Resolves when a count of the host's facts is reached. */
async function lost(count: number): Promise<void> {
  while ((await bench.host.facts()).environmentsLost < count) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('an environment killed while it is frozen is replaced, and counted as lost', async () => {
  await open();
  const pid = await bench.answer<number>('f', { action: 'pid' });
  process.kill(pid, 'SIGKILL');
  await lost(1);
  expect(await bench.answer<number>('f', { action: 'pid' })).not.toBe(pid);
  expect(bench.records.map(({ status }) => status)).toEqual(['success', 'success']);
  expect(bench.records[1]?.init).not.toBeNull();
});

test('an environment killed while it is busy fails its invocation', async () => {
  await open();
  const result = bench.call('f', { action: 'hang' }, 'r1');
  let pid = 0;
  while (pid === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const line = bench.logs.find(({ message }) => message.includes('pid '))?.message;
    pid = Number(/pid (\d+)/.exec(line ?? '')?.[1] ?? 0);
  }
  process.kill(pid, 'SIGKILL');
  expect(errorOf(await result)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: r1 Error: Runtime exited with error: signal: killed',
  });
  expect(bench.records[0]).toMatchObject({ status: 'error', errorType: 'Runtime.ExitError' });
});

test('closing settles what runs, what initialises and what waits for its turn', async () => {
  await open();
  const calls = Array.from({ length: 8 }, () => bench.call('f', { action: 'hang' }));
  while (!bench.logs.some(({ message }) => message.includes('pid '))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await bench.host.close();
  const kinds = (await Promise.all(calls)).map((result) =>
    result.kind === 'refused' ? result.reason : result.kind,
  );
  expect(kinds).toContain('closed');
  expect(kinds.filter((kind) => kind !== 'closed' && kind !== 'function_error')).toEqual([]);
  expect(bench.records).toHaveLength(kinds.filter((kind) => kind === 'function_error').length);
});

test('a process that holds the output open does not hold its environment', async () => {
  await open();
  const result = await bench.call('f', { action: 'leaveChild' }, 'r1');
  expect(errorOf(result).errorMessage).toContain('exit status 3');
  // Would wait for the child.
  await bench.host.endEnvironments('f');
  expect(bench.records).toHaveLength(1);
});

test('a datagram that its socket forgot does not hold the answer', async () => {
  await open();
  expect(await bench.answer('f', { action: 'closeAtOnce' })).toBe('sent');
});

test('a line beyond 256 KB becomes several events', async () => {
  await open();
  await bench.answer('f', { action: 'print', bytes: 600_000 });
  await bench.host.endEnvironments('f');
  const events = bench.logs.filter(({ message }) => message.endsWith('xx\n'));
  expect(events.map(({ message }) => message.length > 262_145)).toEqual([false, false, false]);
  const written = events.reduce((total, { message }) => total + message.length - 1, 0);
  expect(written).toBeGreaterThan(600_000);
});

test('the code is closed to other users, and the host leaves no descriptor', async () => {
  const binaries = () =>
    readdirSync('/proc/self/fd').filter(
      (id) => targetOf(`/proc/self/fd/${id}`) === process.execPath,
    ).length;
  const before = binaries();
  await open();
  const root = await bench.answer<string>('f', { action: 'root' });
  expect(statSync(dirname(root)).mode & 0o007).toBe(0);
  await bench.close();
  expect(binaries()).toBe(before);
});

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // The descriptor of the listing itself.
    return '';
  }
}
