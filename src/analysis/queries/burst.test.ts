import { expect, test } from 'vitest';
import type { Burst } from '../../model/cold-starts.ts';
import { cellOf, type MadeRequest, tablesOf } from '../testing/trial-files.ts';
import { withTrials } from '../testing/with-trials.ts';
import { readBurst } from './burst.ts';

const PROFILE = { kind: 'burst', ratePerS: 10, rateFromHost: false, holdS: 20 } as const;

async function burstOf(trials: readonly (readonly MadeRequest[])[]): Promise<Burst> {
  const found = await withTrials(
    trials.map((requests) => tablesOf(requests)),
    (database, numbers) => readBurst(database, numbers, PROFILE),
  );
  return found as Burst;
}

/** 10/s for 20 s: those of the first `coldS` seconds are cold and take 1.5 s, others 20 ms. */
function course(coldS: number, every = 2): MadeRequest[] {
  return Array.from({ length: 200 }, (_, index) => {
    const atS = index / 10;
    const cold = atS < coldS && index % every === 0;
    return { atS, totalMs: cold ? 1500 : 20, cold, ...(cold && { initMs: 1000 }) };
  });
}

test('only a burst has one', async () => {
  const none = await withTrials([tablesOf([{ totalMs: 5 }])], (database, numbers) =>
    readBurst(database, numbers, cellOf(1024).profile),
  );
  expect(none).toBeNull();
});

test('time until warm, environments over time, at most 60 points a trial', async () => {
  const burst = await burstOf([course(2), course(4), course(2)]);
  expect(burst.binS).toBe(0.5);
  const first = burst.points.filter(({ trial }) => trial === 1);
  expect(first).toHaveLength(40);
  expect(first[0]).toMatchObject({ atS: 0, requests: 5, cold: 3, failures: 0, maxMs: 1500 });
  expect(first[0]?.p95Ms).toBeNull();
  // Invocations begin after 1 s of init: at 1.0, 1.2, … 2.8 s; each lasts 0.5 s.
  expect(first.slice(1, 7).map(({ environmentsStarted }) => environmentsStarted)).toEqual([
    0, 3, 5, 8, 10, 10,
  ]);
  expect(first[2]?.environmentsBusy).toBe(3);
  expect(first[39]).toMatchObject({ environmentsStarted: 10, environmentsBusy: 1 });
  // The last cold request of the first trial is sent at 1.8 s, of the second at 3.8 s.
  expect(burst.untilWarmS.value).toBeCloseTo(Math.cbrt(3.3 * 5.3 * 3.3), 6);
  expect(burst.untilWarmS).toMatchObject({ unit: 's', interval: 'trials_t', trials: 3 });
  expect(burst.environments.value).toBeCloseTo(Math.cbrt(10 * 20 * 10), 6);
  expect(burst.finding).toMatch(
    /^Warm 3\.86 s \[.*\] after the first request, with 12\.6 \[.*\] environments; p95 was 1\.50 s until then and 20\.0 ms afterwards\.$/,
  );
});

test('a cold start in the last fifth: it was not warm by the end', async () => {
  const burst = await burstOf([course(2), course(18, 20), course(2)]);
  expect(burst.finding).toMatch(/^Not warm by the end in 1 of 3 trials: the last cold start was/);
  expect(burst.untilWarmS.note).toBe('not warm by the end in 1 of 3 trials');
});

test('work that goes on through bins without an instant keeps its environment busy', async () => {
  const burst = await burstOf([
    [
      { atS: 0, totalMs: 4000 },
      { atS: 6, totalMs: 20 },
    ],
  ]);
  expect(burst.binS).toBe(0.2);
  expect(burst.points).toHaveLength(31);
  const busy = burst.points.map(({ environmentsBusy }) => environmentsBusy);
  expect(busy[10]).toBe(1);
  expect(busy[25]).toBe(0);
  expect(burst.points[10]).toMatchObject({ requests: 0, p50Ms: null, maxMs: null });
});

test('one after the other at the same instant is one environment at work', async () => {
  const burst = await burstOf([
    Array.from({ length: 10 }, (_, index) => ({ atS: index * 0.5, totalMs: 500 })),
  ]);
  expect(Math.max(...burst.points.map(({ environmentsBusy }) => environmentsBusy))).toBe(1);
});

test('no cold start, and no telemetry, are said', async () => {
  const warm = await burstOf([
    [
      { totalMs: 5, prewarmed: true, initMs: 100 },
      { totalMs: 5, prewarmed: true, initMs: 100 },
    ],
  ]);
  expect(warm.untilWarmS).toMatchObject({ value: null, note: 'no request felt a cold start' });
  expect(warm.finding).toBe('No request felt a cold start; 2 environments served the burst.');
  const bare = await burstOf([[{ totalMs: 5, bare: true }]]);
  expect(bare.finding).toContain('no trace or REPORT line tells of environments');
});
