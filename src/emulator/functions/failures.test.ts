import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { type Bench, errorOf, openBench } from './testing/open-bench.ts';

const fixtures = join(packageRoot(), 'fixtures/handlers/hosted');
const made: string[] = [];
let bench: Bench;
afterEach(async () => {
  await bench.close();
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

/** A file that is no JavaScript would not pass the linter as a fixture. */
async function brokenCode(file: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
  made.push(folder);
  await writeFile(join(folder, file), 'export const handler = async () => {');
  return folder;
}

test('a handler that throws answers with type, message and trace, and lives on', async () => {
  bench = await openBench();
  await bench.create('f');
  const error = errorOf(await bench.call('f', { action: 'throw' }));
  expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'as asked' });
  expect(error).toHaveProperty('trace');
  await bench.answer('f', { action: 'echo' });
  expect(bench.records[0]).toMatchObject({ status: 'error', errorType: 'TypeError' });
  expect(bench.records[1]).toMatchObject({ status: 'success', init: null });
});

test('a process that exits fails its invocation, and the next one has a new environment', async () => {
  bench = await openBench();
  await bench.create('f');
  const result = await bench.call('f', { action: 'exit', code: 1 }, 'r1');
  expect(errorOf(result)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: r1 Error: Runtime exited with error: exit status 1',
  });
  // Of a process that is gone: what Node itself takes counts all the same.
  expect(bench.records[0]?.maxMemoryMb).toBeGreaterThan(30);
  await bench.answer('f', { action: 'echo' });
  expect(bench.records[1]?.init).not.toBeNull();
  expect(bench.records[1]?.environment).not.toBe(bench.records[0]?.environment);
  expect(await bench.host.facts()).toMatchObject({ environmentsStarted: 2, environmentsLost: 1 });
});

test('a timeout kills the environment and says so as Lambda does', async () => {
  bench = await openBench();
  await bench.create('f', { timeoutS: 1 });
  const result = await bench.call('f', { action: 'hang' }, 'r1');
  expect(errorOf(result)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: 'RequestId: r1 Error: Task timed out after 1.00 seconds',
  });
  const [record] = bench.records;
  expect(record?.status).toBe('timeout');
  expect(record?.durationUs).toBeGreaterThanOrEqual(1_000_000);
  const line = bench.logs.find(({ message }) => message.includes('timed out'));
  expect(line?.message).toMatch(/^\S+Z r1 Task timed out after 1\.00 seconds\n/);
  await bench.answer('f', { action: 'echo' });
  expect(bench.records[1]?.init).not.toBeNull();
});

test('out of memory is seen as what it is', async () => {
  bench = await openBench();
  // Without groups nothing limits the memory: this handler would take all that there is.
  if ((await bench.host.facts()).cpuMode === 'none') return;
  await bench.create('f', { memoryMb: 128, timeoutS: 30 });
  const result = await bench.call('f', { action: 'garbage' }, 'r1');
  expect(errorOf(result)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: r1 Error: Runtime exited with error: signal: killed',
  });
  expect(bench.records[0]).toMatchObject({
    status: 'error',
    errorType: 'Runtime.OutOfMemory',
    maxMemoryMb: 128,
  });
});

test.each([
  ['missing-export.mjs', 'Runtime.HandlerNotFound', 'is undefined or not exported'],
  ['missing-import.mjs', 'Runtime.ImportModuleError', 'no-such-package'],
  ['syntax.mjs', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
  ['throws.mjs', 'RangeError', 'while loading'],
])('a handler that does not load: %s', async (file, errorType, text) => {
  bench = await openBench();
  const codeFolder = file === 'syntax.mjs' ? await brokenCode(file) : fixtures;
  await bench.create('f', { codeFolder, handler: { file, exportName: 'handler' } });
  const error = errorOf(await bench.call('f', {}));
  expect(error.errorType).toBe(errorType);
  expect(error.errorMessage).toContain(text);
  // The platform knows errors of the runtime by name, and no others.
  const named = errorType === 'RangeError' ? 'Runtime.Unknown' : errorType;
  expect(bench.records[0]).toMatchObject({ status: 'error', errorType: named, init: null });
  const reports = bench.logs.filter(({ message }) => message.startsWith('INIT_REPORT'));
  expect(reports.map(({ message }) => /Phase: (\w+)/.exec(message)?.[1])).toEqual([
    'init',
    'invoke',
  ]);
  expect(bench.logs.some(({ message }) => message.includes('Uncaught Exception'))).toBe(true);
});

test('an init that is too slow is tried again within the invocation', async () => {
  bench = await openBench({ initTimeoutMs: 300 });
  await bench.create('f', {
    handler: { file: 'slow-init.mjs', exportName: 'handler' },
    environment: { INIT_MS: '800' },
    timeoutS: 4,
  });
  expect(await bench.answer('f', {})).toBe('loaded');
  const report = bench.logs.find(({ message }) => message.startsWith('INIT_REPORT'));
  expect(report?.message).toMatch(/Phase: init\tStatus: timeout/);
  expect(bench.records[0]?.init).toBeNull();
  expect(bench.records[0]?.durationUs).toBeGreaterThan(800_000);
});

test('an init that never ends is a timeout of the invocation', async () => {
  bench = await openBench({ initTimeoutMs: 200 });
  await bench.create('f', {
    handler: { file: 'slow-init.mjs', exportName: 'handler' },
    environment: { INIT_MS: '60000' },
    timeoutS: 1,
  });
  const error = errorOf(await bench.call('f', {}, 'r1'));
  expect(error.errorMessage).toBe('RequestId: r1 Error: Task timed out after 1.00 seconds');
  expect(bench.records[0]?.status).toBe('timeout');
});

test('an unhandled rejection ends the environment', async () => {
  bench = await openBench();
  await bench.create('f');
  const error = errorOf(await bench.call('f', { action: 'reject' }));
  expect(error).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: nobody waits for this',
  });
});

test('a response beyond 6 MiB is an error of the function', async () => {
  bench = await openBench();
  await bench.create('f');
  const large = await bench.answer<string>('f', { action: 'large', bytes: 6_000_000 });
  expect(large).toHaveLength(6_000_000);
  const error = errorOf(await bench.call('f', { action: 'large', bytes: 6_300_000 }));
  expect(error.errorType).toBe('Function.ResponseSizeTooLarge');
  expect(await bench.answer('f', { action: 'echo' })).toEqual({ action: 'echo' });
});

test('a result that is no JSON is an error of the function', async () => {
  bench = await openBench();
  await bench.create('f');
  expect(errorOf(await bench.call('f', { action: 'circular' })).errorType).toBe(
    'Runtime.JSONStringifyError',
  );
});

test('create names the handler that does not exist', async () => {
  bench = await openBench();
  await expect(
    bench.create('f', { handler: { file: 'nowhere.mjs', exportName: 'handler' } }),
  ).rejects.toThrow(/handler of function f does not exist: nowhere\.mjs/);
  await expect(bench.create('g', { codeFolder: '/nowhere/at/all' })).rejects.toThrow(
    /code folder of function g does not exist/,
  );
});

test('misuse of the Runtime API is refused, and the first response counts', async () => {
  bench = await openBench();
  await bench.create('f', { handler: { file: 'misuse.mjs', exportName: 'handler' } });
  expect(await bench.answer('f', { n: 1 })).toBe('the first counts');
  await bench.host.endEnvironments('f');
  const line = bench.logs.find(({ message }) => message.includes('heard '))?.message ?? '';
  const denied = (from: string, to: string) => ({
    status: 403,
    errorType: 'InvalidStateTransition',
    errorMessage: `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`,
  });
  const unknown = {
    status: 400,
    errorType: 'InvalidRequestID',
    errorMessage: 'Invalid request ID',
  };
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    wrongId: unknown,
    wrongIdError: unknown,
    initError: denied('Running', 'InitError'),
    // The same invocation once more.
    nextWhileBusy: { status: 200, n: 1 },
    first: { status: 202 },
    second: denied('RuntimeResponseSentState', 'InvocationResponse'),
    errorAfterwards: denied('RuntimeResponseSentState', 'InvocationErrorResponse'),
  });
});

test('in the JSON log format both the platform and the console write objects', async () => {
  bench = await openBench();
  await bench.create('f', { logFormat: 'JSON' });
  await bench.answer('f', { action: 'log' });
  await bench.call('f', { action: 'throw' }, 'r2');
  const broken = { codeFolder: fixtures, handler: { file: 'throws.mjs', exportName: 'handler' } };
  await bench.create('g', { ...broken, logFormat: 'JSON' });
  await bench.call('g', {});
  const nameless = {
    codeFolder: fixtures,
    handler: { file: 'missing-export.mjs', exportName: 'handler' },
  };
  await bench.create('h', { ...nameless, logFormat: 'JSON' });
  await bench.call('h', {});
  await bench.host.endEnvironments('f');
  const events = bench.logs.map(({ message }) => JSON.parse(message) as Record<string, unknown>);
  expect(events).toMatchObject([
    {
      type: 'platform.initStart',
      record: { initializationType: 'on-demand', phase: 'init', functionVersion: '$LATEST' },
    },
    { level: 'INFO', message: 'hello world', requestId: expect.any(String) },
    { level: 'ERROR', message: 'two\nlines' },
    {
      level: 'ERROR',
      requestId: 'r2',
      message: { errorType: 'TypeError', errorMessage: 'as asked' },
    },
    { type: 'platform.initStart' },
    { level: 'ERROR', message: { errorType: 'RangeError' } },
    {
      type: 'platform.initReport',
      record: { phase: 'init', status: 'error', errorType: 'Runtime.Unknown' },
    },
    { level: 'ERROR', message: { errorType: 'RangeError' } },
    { type: 'platform.initReport', record: { phase: 'invoke', status: 'error' } },
    { type: 'platform.initStart' },
    { level: 'ERROR', message: { errorType: 'HandlerNotFound' } },
    { type: 'platform.initReport', record: { errorType: 'Runtime.HandlerNotFound' } },
    { level: 'ERROR', message: { errorType: 'HandlerNotFound' } },
    { type: 'platform.initReport' },
  ]);
});
