import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../base/random.ts';
import type { Tail } from '../../model/tail.ts';
import { quantileSorted } from '../../stats/quantile.ts';
import { type MadeRequest, type Rows, tablesOf } from '../testing/trial-files.ts';
import { withTrials } from '../testing/with-trials.ts';
import { readTails } from './tails.ts';

async function tailsOf(
  trials: readonly (readonly MadeRequest[])[],
  change: (tables: Rows) => Rows = (tables) => tables,
): Promise<Tail[]> {
  return withTrials(
    trials.map((requests) => change(tablesOf(requests))),
    readTails,
  );
}

const p99Of = (tails: readonly Tail[]) => tails[1] as Tail;
const shareOf = ({ parts }: Tail, part: string) => parts.find((one) => one.part === part)?.share;

/** 3 ms of handler and 2 ms of backend; in 2% the backend takes 60 ms. */
function injected(random: Random, n = 1000): MadeRequest[] {
  return Array.from({ length: n }, (_, index) => {
    const backendMs = (index % 50 === 7 ? 60 : 2) * (0.9 + 0.2 * random());
    return { totalMs: 3 + 0.5 * random() + backendMs, backendMs };
  });
}

test('slow calls in 2% of requests: the backend is named, with its share and interval', async () => {
  const random = seededRandom(1);
  const tail = p99Of(await tailsOf([1, 2, 3].map(() => injected(random))));
  expect(tail).toMatchObject({
    quantile: 'p99',
    requests: 30,
    coldRequests: 0,
    leading: 'backend',
  });
  expect(tail.parts.reduce((sum, { share }) => sum + (share.value as number), 0)).toBeCloseTo(1, 9);
  const share = shareOf(tail, 'backend');
  expect(share?.value).toBeGreaterThan(0.98);
  expect(share).toMatchObject({ interval: 'trials_t', n: 30, trials: 3 });
  expect(tail.finding).toMatch(
    /^(99|100)% \[\d+, \d+\] of what requests above p99 take longer than the median is the backend \(6\d\.\d ms against 5\.\d\d ms in the mean\)\.$/,
  );
});

test('shares are differences of means over the requests of all trials', async () => {
  // Middle of each: 46th to 55th; above p95: the last five.
  const trial = (slowBackendMs: number): MadeRequest[] =>
    Array.from({ length: 100 }, (_, index) =>
      index < 95
        ? { totalMs: 10 + index / 1000, backendMs: 4 }
        : { totalMs: 50 + index / 1000, backendMs: slowBackendMs },
    );
  const [p95] = (await tailsOf([trial(34), trial(24)])) as [Tail];
  const backend = p95.parts.find(({ part }) => part === 'backend');
  expect(backend).toMatchObject({ middleMs: 4, tailMs: 29, differenceMs: 25 });
  expect(p95.middleTotalMs).toBeCloseTo(10.0495, 6);
  expect(p95.tailTotalMs).toBeCloseTo(50.097, 6);
  expect(backend?.share.value).toBeCloseTo(25 / 40.0475, 6);
});

test('cold starts lead: initialisation is named, and the p99 without them is that of warm requests', async () => {
  const random = seededRandom(2);
  const trials = [1, 2, 3].map(() =>
    Array.from({ length: 1000 }, (_, index): MadeRequest => {
      const warmMs = 5 + random();
      const cold = index % 60 === 3;
      return { totalMs: cold ? 300 + warmMs : warmMs, cold, ...(cold && { initMs: 250 }) };
    }),
  );
  const tail = p99Of(await tailsOf(trials));
  expect(tail).toMatchObject({ leading: 'init', coldRequests: 30 });
  expect(tail.finding).toMatch(
    /^83% \[8\d, 8\d\] .* is initialisation \(cold starts\) \(30\d ms against/,
  );
  const warm = trials.map(
    (requests) =>
      quantileSorted(
        Float64Array.from(requests.filter(({ cold }) => !cold).map((r) => r.totalMs)).sort(),
        0.99,
      ) as number,
  );
  const geometric = Math.exp(warm.reduce((sum, ms) => sum + Math.log(ms), 0) / 3);
  expect(tail.withoutCold.value).toBeCloseTo(geometric, 3);
  expect(tail.withoutCold).toMatchObject({ interval: 'trials_t', trials: 3, n: 2949 });
  expect(tail.withoutCold.note).toContain('queueing behind cold starts cost them stays in');
});

test('without a cold start the quantile without cold starts is the quantile', async () => {
  for (const n of [100, 101, 999, 1000]) {
    const requests = Array.from({ length: n }, (_, i) => ({ totalMs: ((i * 103) % n) + 1 }));
    const [p95, p99] = (await tailsOf([requests])) as [Tail, Tail];
    expect(p95.withoutCold.value).toBe(Math.ceil(n * 0.95 - 1e-9));
    expect(p99.withoutCold.value).toBe(Math.ceil(n * 0.99 - 1e-9));
  }
});

test('two parts of which neither is shown to lead are both named', async () => {
  const random = seededRandom(3);
  const trials = [1, 2, 3].map((trial) =>
    Array.from({ length: 1000 }, (_, index): MadeRequest => {
      const slow = index % 50 === 7;
      const backendMs = slow ? 30 + 12 * (trial - 2) + random() : 2;
      return { totalMs: (slow ? 63 : 5) + random(), backendMs };
    }),
  );
  expect(p99Of(await tailsOf(trials)).finding).toMatch(
    /^\d+% \[-?\d+, \d+\] of what requests above p99 take longer than the median is the (handler’s own time|backend), \d+% \[-?\d+, \d+\] the (backend|handler’s own time) \(.*; which of the two leads is not shown\)\.$/,
  );
});

test('one trial has no interval, few requests are said, a short hold has no tail', async () => {
  const random = seededRandom(4);
  const [p95, p99, p999] = (await tailsOf([injected(random, 300)])) as [Tail, Tail, Tail];
  expect(p95.finding).toContain('one trial: no interval');
  expect(p95.finding).not.toContain('only');
  expect(shareOf(p95, 'backend')).toMatchObject({
    interval: 'none',
    low: null,
    note: 'one trial gives no interval',
  });
  expect(p99.finding).toContain('one trial: no interval; only 3 requests above p99)');
  expect(p999).toMatchObject({ requests: 0, parts: [], leading: null, tailTotalMs: null });
  expect(p999.finding).toBe(
    'No request lies above p99.9: that takes 1,000 requests a trial, this has 300.',
  );
  expect(p999.withoutCold).toMatchObject({
    value: null,
    note: 'p99.9 needs 1,000 warm requests, this has 300',
  });
});

test('by operation: its part of the tail, and why against its own middle', async () => {
  const random = seededRandom(5);
  const requests = Array.from({ length: 1000 }, (_, index): MadeRequest => {
    if (index % 10 === 0) {
      // Always slower than the others, and its own tail is the handler's.
      const slow = index % 50 === 0;
      return { operation: 'Heavy', totalMs: (slow ? 90 : 40) + random(), backendMs: 35 };
    }
    return { operation: 'Light', totalMs: 5 + random(), backendMs: 2 };
  });
  const tail = p99Of(await tailsOf([requests]));
  expect(tail.operations).toEqual([
    {
      operation: 'Heavy',
      requests: 10,
      shareOfTail: 1,
      shareOfAll: 0.1,
      leading: 'handler',
      leadingShare: expect.closeTo(1, 5),
    },
  ]);
});

test('a part is called what it holds: the network in front, untraced calls in the handler', async () => {
  const requests = Array.from(
    { length: 1000 },
    (_, index): MadeRequest => ({ totalMs: index < 980 ? 5 : 50, backendCalls: 0 }),
  );
  expect(p99Of(await tailsOf([requests])).finding).toContain(
    'is the handler (with its calls, as none was traced)',
  );
  const toFront = (network: number | null) => (tables: Rows) => ({
    ...tables,
    breakdown: (tables.breakdown ?? []).map((row) => ({
      ...row,
      network_us: network,
      front_us: row.handler_us as number,
      handler_us: 0,
    })),
  });
  expect(p99Of(await tailsOf([requests], toFront(null))).finding).toContain(
    'is front and network (',
  );
  expect(p99Of(await tailsOf([requests], toFront(0))).finding).toContain('is the front (');
});

test('nothing to compare: no breakdown, no answer, no difference', async () => {
  const same = { totalMs: 5 };
  const bare = Array.from({ length: 200 }, () => ({ ...same, bare: true }));
  expect(p99Of(await tailsOf([bare])).finding).toContain('they have no trace and no REPORT line');
  const failed = Array.from({ length: 200 }, () => ({ ...same, outcome: 'http_error' }));
  expect(p99Of(await tailsOf([failed])).finding).toBe('No request of the hold was answered well.');
  const flat = p99Of(await tailsOf([Array.from({ length: 200 }, () => same)]));
  expect(flat).toMatchObject({ requests: 2, parts: [], leading: null });
  expect(flat.finding).toBe('Requests above p99 take no longer than those around the median.');
});
