import { existsSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { TokenBucket } from './limits.ts';
import { type Bench, openBench } from './testing/open-bench.ts';

let bench: Bench | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await bench?.close();
  bench = null;
});

test('a token bucket gives its size at once and refills continuously', () => {
  const bucket = new TokenBucket(10, 1_000_000, 0);
  const taken = (atUs: number) => {
    let count = 0;
    while (bucket.take(atUs)) count += 1;
    return count;
  };
  expect(taken(0)).toBe(10);
  expect(taken(50_000)).toBe(0);
  expect(taken(350_000)).toBe(3);
  expect(taken(10_000_000)).toBe(10);
});

test('initialisations wait for a slot, and each request keeps the environment it started', async () => {
  bench = await openBench({ concurrentInits: 1 });
  await bench.create('f');
  const { answer } = bench;
  const found = await Promise.all(
    [1, 2, 3].map(() => answer<{ pid: number }>('f', { action: 'process' })),
  );
  expect(new Set(found.map(({ pid }) => pid)).size).toBe(3);
  const facts = await bench.host.facts();
  expect(facts.initQueueMaxUs).toBeGreaterThan(10_000);
  expect(facts.initQueueUs).toBeGreaterThan(facts.initQueueMaxUs);
});

test('a request whose turn does not come takes an environment that is idle, and is counted', async () => {
  bench = await openBench({ concurrentInits: 1, initPatienceMs: 50 });
  await bench.create('f');
  await bench.create('slow', {
    handler: { file: 'slow-init.mjs', exportName: 'handler' },
    environment: { INIT_MS: '60000' },
  });
  const { answer, call } = bench;
  const { pid } = await answer<{ pid: number }>('f', { action: 'process' });
  // Has the only turn for good.
  const slow = call('slow', {});
  const found = await Promise.all(
    [1, 2, 3].map(() => answer<{ pid: number }>('f', { action: 'process' })),
  );
  expect(found.map((other) => other.pid)).toEqual([pid, pid, pid]);
  expect(await bench.host.facts()).toMatchObject({
    initsSkipped: 2,
    environmentsStarted: 2,
    environmentsPeak: 2,
    environmentsLost: 0,
  });
  expect(bench.records.filter(({ init }) => init !== null)).toHaveLength(1);
  await bench.close();
  expect((await slow).kind).not.toBe('answer');
});

test('beyond the environments this host can run a request is refused with a reason of our own', async () => {
  bench = await openBench({ maxEnvironments: 1 });
  await bench.create('f');
  const running = bench.call('f', { action: 'burn', ms: 100 });
  expect(await bench.call('f', {})).toMatchObject({ kind: 'refused', reason: 'host_capacity' });
  expect((await running).kind).toBe('answer');
  expect(await bench.host.facts()).toMatchObject({ hostRefusals: 1, throttles: 0 });
  expect(bench.throttles).toEqual([]);
});

test.each([
  [{ accountConcurrency: 1 }, 'ConcurrentInvocationLimitExceeded'],
  [{ environmentsPer10S: 1 }, 'FunctionInvocationRateLimitExceeded'],
])('limits of Lambda throttle: %o', async (settings, reason) => {
  bench = await openBench(settings);
  await bench.create('f');
  const running = bench.call('f', { action: 'echo' });
  expect(await bench.call('f', {})).toMatchObject({ kind: 'refused', reason });
  expect((await running).kind).toBe('answer');
  expect((await bench.call('f', {})).kind).toBe('answer');
  expect(bench.throttles).toEqual(['f']);
  expect(await bench.host.facts()).toMatchObject({ hostRefusals: 0, throttles: 1 });
});

test('close refuses what still waits for its turn to initialise', async () => {
  bench = await openBench({ concurrentInits: 1 });
  await bench.create('f');
  const calls = [1, 2, 3].map(() => bench?.call('f', { action: 'hang' }));
  await bench.close();
  const kinds = (await Promise.all(calls)).map((result) => result?.kind);
  expect(kinds.slice(1)).toEqual(['refused', 'refused']);
});

test('an environment that was idle for its lifetime goes, of whatever version; others stay', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  for (const idleLifetimeS of [3600, 0]) {
    bench = await openBench({ idleLifetimeS });
    await bench.create('f');
    await bench.host.publishVersion('f');
    const before: number[] = [];
    for (const name of ['f', 'f:1']) {
      const result = await bench.call(name, { action: 'process' });
      if (result.kind !== 'answer') throw new Error(result.kind);
      before.push(JSON.parse(result.payload.toString()).pid);
    }
    // Ready for the next invocation: idle from now on.
    const { records } = bench;
    await vi.waitFor(() => expect(records).toHaveLength(2), { timeout: 10_000 });
    vi.advanceTimersByTime(60_000);
    const living = () => before.filter((pid) => existsSync(`/proc/${pid}`));
    if (idleLifetimeS === 0) await vi.waitFor(() => expect(living()).toEqual([]));
    else expect(living()).toEqual(before);
    expect((await bench.host.facts()).environmentsLost).toBe(0);
    await bench.close();
  }
  bench = null;
});
