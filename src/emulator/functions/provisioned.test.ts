import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { ToolError, UsageError } from '../../base/errors.ts';
import { type Bench, openBench } from './testing/open-bench.ts';

/** A busy machine is slow; one that is not does not wait for it. */
const WITHIN = { timeout: 10_000 };

let bench: Bench;
afterEach(async () => {
  vi.useRealTimers();
  await bench.close();
});

function stateOf(pid: number): string | undefined {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

const pidOf = async () => (await bench.answer<{ pid: number }>('f', { action: 'process' })).pid;

async function recorded(count: number): Promise<void> {
  await vi.waitFor(() => expect(bench.records).toHaveLength(count), WITHIN);
}

/** Waits until it is frozen: idle, and taken by the next request. */
async function frozen(pid: number): Promise<void> {
  await vi.waitFor(() => expect(stateOf(pid)).toBe('T'), WITHIN);
}

test('environments are there before any request; the first tells an init nobody waited for', async () => {
  bench = await openBench();
  await bench.create('f');
  await bench.host.provisionConcurrency('f', 2);
  expect(bench.host.concurrency('f')).toEqual({
    reserved: null,
    provisioned: {
      requested: 2,
      available: 2,
      status: 'READY',
      reason: null,
      lastModified: expect.any(String),
    },
  });
  expect(bench.logs.map(({ message }) => message)).toEqual([
    'INIT_START Runtime Version: nodejs24.x\n',
    'INIT_START Runtime Version: nodejs24.x\n',
  ]);
  bench.host.resetFacts();
  const pid = await pidOf();
  expect(await pidOf()).toBe(pid);
  await frozen(pid);
  await recorded(2);
  const [first, second] = bench.records;
  if (!first?.init) throw new Error('no init');
  expect(first.init.endedUs).toBeLessThan(first.receivedUs);
  expect(first.billedUs).toBe(Math.ceil(first.durationUs / 1000) * 1000);
  expect(first.provisioned).toEqual({ busy: 1, allocated: 2, spillover: false });
  expect(second?.init).toBeNull();
  expect(second?.environment).toBe(first.environment);
  expect(await bench.host.facts()).toMatchObject({
    environmentsStarted: 0,
    environmentsPeak: 2,
    initCpuUs: 0,
    initQueueUs: 0,
  });
});

test('they initialise at the quota of the function', async () => {
  bench = await openBench();
  if ((await bench.host.facts()).cpuMode === 'none') return;
  await bench.create('f', { memoryMb: 128 });
  const onDemand = await bench.host.measureInit('f');
  await bench.host.provisionConcurrency('f', 1);
  await pidOf();
  await recorded(1);
  const init = bench.records[0]?.init;
  if (!init) throw new Error('no init');
  // 0.07 of a vCPU against two.
  expect(init.endedUs - init.startedUs).toBeGreaterThan(1.5 * onDemand.initUs);
});

test('when all are busy a request starts an environment on demand', async () => {
  bench = await openBench();
  await bench.create('f');
  await bench.host.provisionConcurrency('f', 1);
  const provisioned = await pidOf();
  await frozen(provisioned);
  const busy = bench.call('f', { action: 'burn', ms: 300 });
  const onDemand = await pidOf();
  expect(onDemand).not.toBe(provisioned);
  await busy;
  await recorded(3);
  const spilled = bench.records.filter((record) => record.provisioned?.spillover === true);
  expect(spilled).toMatchObject([
    { init: { billed: true }, provisioned: { busy: 1, allocated: 1, spillover: true } },
  ]);
  // Where both are free it is provisioned ones first, although they were made earlier.
  await frozen(provisioned);
  await frozen(onDemand);
  expect(await pidOf()).toBe(provisioned);
});

test.each([
  ['crashes', { action: 'exit', code: 3 }],
  ['exceeds its time', { action: 'hang' }],
])('one that %s is replaced', async (_, event) => {
  bench = await openBench();
  await bench.create('f', { timeoutS: 1 });
  await bench.host.provisionConcurrency('f', 1);
  expect((await bench.call('f', event)).kind).toBe('function_error');
  await bench.host.provisionedReady('f');
  await pidOf();
  await recorded(2);
  expect(bench.records.map(({ init }) => init?.billed)).toEqual([false, false]);
  expect(bench.records[1]?.environment).not.toBe(bench.records[0]?.environment);
  expect(await bench.host.facts()).toMatchObject({ environmentsStarted: 2, environmentsLost: 1 });
});

test('they are replaced when they are ended, or the configuration changes', async () => {
  // No room for old and new at a time.
  bench = await openBench({ maxEnvironments: 2 });
  await bench.create('f');
  await bench.host.provisionConcurrency('f', 2);
  const first = await pidOf();
  await bench.host.endEnvironments('f');
  expect(stateOf(first)).toBeUndefined();
  await bench.host.provisionedReady('f');
  const second = await pidOf();
  expect(second).not.toBe(first);
  await bench.host.update('f', { memoryMb: 1024, environment: { A: '2' } });
  await bench.host.provisionedReady('f');
  expect(await bench.answer('f', { action: 'environment' })).toMatchObject({ A: '2' });
  expect(stateOf(second)).toBeUndefined();
  await recorded(3);
  expect(bench.records.every(({ init }) => init?.billed === false)).toBe(true);
  expect((await bench.host.facts()).environmentsLost).toBe(0);
});

test('fewer end the surplus, none ends all', async () => {
  bench = await openBench({ concurrentInits: 1 });
  await bench.create('f');
  const three = bench.host.provisionConcurrency('f', 3);
  const pid = bench.host.provisionedReady('f').then(pidOf);
  // While two of them still wait for their turn.
  await bench.host.provisionConcurrency('f', 1);
  await three;
  expect(stateOf(await pid)).toBeDefined();
  expect(bench.host.concurrency('f').provisioned).toMatchObject({ available: 1 });
  await bench.host.provisionConcurrency('f', 0);
  expect(stateOf(await pid)).toBeUndefined();
  expect(bench.host.concurrency('f').provisioned).toBeNull();
  expect((await bench.host.facts()).environmentsLost).toBe(0);
  await pidOf();
  await recorded(2);
  expect(bench.records[1]).toMatchObject({ init: { billed: true }, provisioned: null });
});

test('one that does not initialise is an error with its words, and not tried for ever', async () => {
  bench = await openBench();
  await bench.create('f', { handler: { file: 'throws.mjs', exportName: 'handler' } });
  const provisioned = bench.host.provisionConcurrency('f', 1);
  await expect(provisioned).rejects.toThrow(ToolError);
  await expect(provisioned).rejects.toThrow(/^provisioned concurrency: f does not load/);
  await expect(bench.host.provisionedReady('f')).rejects.toThrow('does not load');
  expect(bench.host.concurrency('f').provisioned).toMatchObject({
    available: 0,
    status: 'FAILED',
    reason: expect.stringContaining('does not load'),
  });
  expect((await bench.host.facts()).environmentsStarted).toBe(1);
});

test('more than the host can run are refused before one is started', async () => {
  bench = await openBench({ maxEnvironments: 2 });
  await bench.create('f');
  const provisioned = bench.host.provisionConcurrency('f', 3);
  await expect(provisioned).rejects.toThrow('this host runs at most 2 environments at a time');
  expect((await bench.host.facts()).environmentsStarted).toBe(0);
  await bench.host.provisionConcurrency('f', 2);
});

test('idleness does not end them', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  bench = await openBench({ idleLifetimeS: 0 });
  await bench.create('f');
  await bench.host.provisionConcurrency('f', 1);
  const busy = bench.call('f', { action: 'burn', ms: 300 });
  const onDemand = await pidOf();
  await busy;
  await recorded(2);
  await frozen(onDemand);
  vi.advanceTimersByTime(5000);
  await vi.waitFor(() => expect(stateOf(onDemand)).toBeUndefined(), WITHIN);
  expect(bench.host.concurrency('f').provisioned).toMatchObject({ available: 1 });
});

test('what is reserved limits a function, and is taken from what others share', async () => {
  bench = await openBench({ accountConcurrency: 102 });
  await bench.create('f');
  await bench.create('g');
  expect(() => bench.host.reserveConcurrency('f', 3)).toThrow(UsageError);
  bench.host.reserveConcurrency('f', 2);
  expect(() => bench.host.reserveConcurrency('g', 1)).toThrow('minimum value of [100]');
  await expect(bench.host.provisionConcurrency('f', 3)).rejects.toThrow(UsageError);
  await bench.host.provisionConcurrency('f', 2);
  expect(() => bench.host.reserveConcurrency('f', 1)).toThrow(UsageError);
  const running = [1, 2].map(() => bench.call('f', { action: 'burn', ms: 100 }));
  expect(await bench.call('f', {})).toMatchObject({
    reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
  await Promise.all(running);
  await bench.host.provisionConcurrency('f', 0);
  bench.host.reserveConcurrency('f', 0);
  expect((await bench.call('f', {})).kind).toBe('refused');
  bench.host.reserveConcurrency('f', null);
  expect((await bench.call('f', {})).kind).toBe('answer');
  expect(bench.throttles).toEqual(['f', 'f']);
});

test('close ends them, also while they start', async () => {
  bench = await openBench({ concurrentInits: 1 });
  await bench.create('f');
  await bench.host.provisionConcurrency('f', 1);
  const pid = await pidOf();
  const more = bench.host.provisionConcurrency('f', 3);
  const refused = expect(more).rejects.toThrow('shutting down');
  await bench.close();
  await refused;
  expect(stateOf(pid)).toBeUndefined();
});

const settings = { functionVersion: '1', description: '', routing: null };

/** Of the records so far: what ran, and whether it was on a provisioned environment. */
const ran = () =>
  bench.records.map(({ version, provisioned }) => [version, provisioned?.spillover ?? null]);

test('an alias has its environments at the version it stands for, and takes them along', async () => {
  // No room for those of both versions at a time.
  bench = await openBench({ maxEnvironments: 2 });
  const { host } = bench;
  await bench.create('f');
  await host.publishVersion('f');
  await host.update('f', { memoryMb: 1024 });
  await host.publishVersion('f');
  host.createAlias('f', { name: 'live', ...settings });
  await host.provisionConcurrency('f', 2, 'live');
  expect(host.concurrency('f').provisioned).toBeNull();
  expect(host.provisionedConfigs('f')).toMatchObject([
    { qualifier: 'live', state: { requested: 2, available: 2, status: 'READY' } },
  ]);
  await bench.call('f:live', { action: 'echo' });
  // Twice before anything is ready.
  host.updateAlias('f', 'live', { functionVersion: '2' });
  host.updateAlias('f', 'live', { functionVersion: '1' });
  host.updateAlias('f', 'live', { functionVersion: '2' });
  expect(host.concurrency('f', 'live').provisioned).toMatchObject({ status: 'IN_PROGRESS' });
  await host.provisionedReady('f', 'live');
  await bench.call('f:live', { action: 'echo' });
  await recorded(2);
  expect(ran()).toEqual([
    ['1', false],
    ['2', false],
  ]);
  host.deleteAlias('f', 'live');
  expect(host.provisionedConfigs('f')).toEqual([]);
  await host.provisionConcurrency('f', 2, '1');
  expect((await host.facts()).environmentsLost).toBe(0);
});

test('a version is provisioned once, by itself or by an alias', async () => {
  bench = await openBench();
  const { host } = bench;
  await bench.create('f');
  await host.publishVersion('f');
  host.createAlias('f', { name: 'live', ...settings });
  host.createAlias('f', { name: 'next', ...settings, functionVersion: '$LATEST' });
  const refused = (qualifier: string, code: string) =>
    expect(host.provisionConcurrency('f', 1, qualifier)).rejects.toMatchObject({ code });
  await refused('nobody', 'ResourceNotFoundException');
  await refused('7', 'ResourceNotFoundException');
  await refused('next', 'InvalidParameterValueException');
  await refused('$LATEST', 'InvalidParameterValueException');
  await host.provisionConcurrency('f', 1, '1');
  await refused('live', 'ResourceConflictException');
  await host.provisionConcurrency('f', 0, '1');
  await host.provisionConcurrency('f', 1, 'live');
  await refused('1', 'ResourceConflictException');
  const moved = () => host.updateAlias('f', 'live', { functionVersion: '$LATEST' });
  expect(moved).toThrow('unpublished');
  await host.update('f', { memoryMb: 1024 });
  await host.publishVersion('f');
  host.updateAlias('f', 'live', { routing: { version: '2', share: 0.5 } });
  await refused('live', 'InvalidParameterValueException');
});

test('beyond ten requests a second for each a request runs on demand', async () => {
  bench = await openBench();
  await bench.create('f', { memoryMb: 1769 });
  await bench.host.provisionConcurrency('f', 1);
  const startedMs = performance.now();
  const calls = 30;
  for (let i = 0; i < calls; i += 1) await bench.answer('f', { action: 'echo' });
  const elapsedS = (performance.now() - startedMs) / 1000;
  await recorded(calls);
  const provisioned = ran().filter(([, spillover]) => spillover === false).length;
  expect(provisioned).toBeGreaterThanOrEqual(10);
  expect(provisioned).toBeLessThanOrEqual(10 + 10 * elapsedS);
});
