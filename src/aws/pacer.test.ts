import { expect, test } from 'vitest';
import { Pacer } from './pacer.ts';

/** The pacer against limits it is not told, in simulated time. */

const THROTTLE = Object.assign(new Error('Rate exceeded'), { name: 'ThrottledException' });

class SimulatedClock {
  #nowMs = 0;
  readonly #timers: { atMs: number; wake: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#timers.push({ atMs: this.#nowMs + ms, wake }));
  }

  async runTo(endMs: number): Promise<void> {
    for (;;) {
      // What is awake goes on until it sleeps.
      await new Promise((resolve) => setImmediate(resolve));
      this.#timers.sort((a, b) => b.atMs - a.atMs);
      const next = this.#timers.pop();
      if (next === undefined || next.atMs > endMs) return;
      this.#nowMs = next.atMs;
      next.wake();
    }
  }
}

/** Allows `perS` calls a second: as a bucket of one second, or in windows of one. */
function limiter(kind: 'bucket' | 'window', perS: (nowMs: number) => number) {
  let tokens = perS(0);
  let atMs = 0;
  return (nowMs: number): boolean => {
    const limit = perS(nowMs);
    if (kind === 'bucket') tokens = Math.min(limit, tokens + ((nowMs - atMs) / 1000) * limit);
    else if (Math.floor(nowMs / 1000) > Math.floor(atMs / 1000)) tokens = limit;
    atMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

async function simulate(
  allows: (nowMs: number) => boolean,
  { fromS = 10, toS = 60, workers = 48, latencyMs = 40 } = {},
): Promise<{ perS: number; throttles: number; calls: number }> {
  const clock = new SimulatedClock();
  const pacer = new Pacer({ startPerS: 20, clock });
  const signal = new AbortController().signal;
  let accepted = 0;
  const worker = async () => {
    for (;;) {
      await pacer.run(signal, async () => {
        await clock.sleep(latencyMs / 2);
        const allowed = allows(clock.nowMs());
        if (allowed && clock.nowMs() >= fromS * 1000) accepted += 1;
        await clock.sleep(latencyMs / 2);
        if (!allowed) throw THROTTLE;
      });
    }
  };
  for (let i = 0; i < workers; i += 1) void worker();
  await clock.runTo(toS * 1000);
  return { perS: accepted / (toS - fromS), throttles: pacer.throttles, calls: pacer.calls };
}

test.each([
  ['bucket', 5],
  ['bucket', 50],
  ['bucket', 200],
  ['window', 200],
] as const)('a %s of %d a second is used, and little is refused', async (kind, perS) => {
  const used = await simulate(
    limiter(kind, () => perS),
    { fromS: perS < 20 ? 20 : 10 },
  );
  expect(used.perS / perS).toBeGreaterThan(0.85);
  expect(used.throttles / used.calls).toBeLessThan(0.15);
});

test('a limit that falls and rises is followed', async () => {
  const perS = (nowMs: number) => (nowMs > 20_000 && nowMs < 40_000 ? 40 : 160);
  const fallen = await simulate(limiter('bucket', perS), { fromS: 25, toS: 40 });
  expect(fallen.perS / 40).toBeGreaterThan(0.8);
  const risen = await simulate(limiter('bucket', perS), { fromS: 60, toS: 80 });
  expect(risen.perS / 160).toBeGreaterThan(0.8);
});

test('callers that are slow do not raise the rate beyond what they use', async () => {
  const used = await simulate(() => true, { workers: 2, latencyMs: 100 });
  expect(used.perS).toBeCloseTo(20, 0);
  expect(used.throttles).toBe(0);
});
