import { afterEach, expect, test } from 'vitest';
import { type Bench, openBench } from './testing/open-bench.ts';

let bench: Bench;
afterEach(() => bench.close());

const calls = (count: number, event: unknown) =>
  Promise.all(Array.from({ length: count }, () => bench.answer('f', event)));

test('CPU of initialisations is told apart, that of ending environments is left out', async () => {
  bench = await openBench();
  await bench.create('f', { memoryMb: 3008 });
  await calls(2, { action: 'echo' });
  const { environmentsStarted, initCpuUs } = await bench.host.facts();
  expect(environmentsStarted).toBe(2);
  // Node alone takes some 30 ms to start.
  expect(initCpuUs).toBeGreaterThan(2 * 15_000);
  await calls(1, { action: 'burn', ms: 100 });
  const before = await bench.host.facts();
  expect(before.initCpuUs).toBe(initCpuUs);
  await bench.host.endEnvironments('f');
  const after = await bench.host.facts();
  expect(after.initCpuUs).toBe(initCpuUs);
  // A Node process takes milliseconds to end.
  expect(after.environmentCpuUs - before.environmentCpuUs).toBeLessThan(1000);
});

test('what invocations use is what remains', async () => {
  bench = await openBench();
  await bench.create('f', { memoryMb: 3008 });
  const spin = { action: 'spin', rounds: 5_000_000 };
  const perCall = async (count: number) => {
    bench.host.resetFacts();
    for (let i = 0; i < count; i += 1) await calls(1, spin);
    await bench.host.endEnvironments('f');
    const { environmentCpuUs, initCpuUs } = await bench.host.facts();
    expect(initCpuUs).toBeGreaterThan(15_000);
    return (environmentCpuUs - initCpuUs) / count;
  };
  const few = await perCall(10);
  const many = await perCall(40);
  // An init taken for an invocation's would make it several times as much.
  expect(few / many).toBeGreaterThan(0.5);
  expect(few / many).toBeLessThan(2);
});

test('environments that were ready at a reset have no init since', async () => {
  bench = await openBench();
  await bench.create('f');
  await bench.host.provisionConcurrency('f', 1);
  bench.host.resetFacts();
  await calls(1, { action: 'burn', ms: 50 });
  const { initCpuUs, environmentCpuUs } = await bench.host.facts();
  expect(initCpuUs).toBe(0);
  expect(environmentCpuUs).toBeGreaterThan(5000);
});
