import { expect, test } from 'vitest';
import { alter, analyse, ladder } from '../testing/analyse.ts';
import type { MadeRequest } from '../testing/trial-files.ts';

test('one trial: quantiles of its hold with the exact interval, and what is too rare is not stated', async () => {
  const { cells } = await analyse([{ requests: ladder(400) }]);
  const { latency, holdRequests, rateReached } = cells[0] as (typeof cells)[0];
  expect(holdRequests).toBe(400);
  expect(latency.p50).toMatchObject({ value: 200, interval: 'within_trial', n: 400, trials: 1 });
  expect(latency.p99).toMatchObject({ value: 396, interval: 'within_trial', high: 400 });
  expect(latency.p999).toMatchObject({
    value: null,
    note: 'p99.9 needs 1,000 requests, this has 400',
  });
  expect(latency.max).toMatchObject({ value: 400, interval: 'none' });
  expect(rateReached).toMatchObject({ value: 10, interval: 'none' });
});

test('a quantile without enough requests for its interval says how many it needs', async () => {
  const { cells } = await analyse([{ requests: ladder(120) }]);
  expect(cells[0]?.latency.p99).toMatchObject({
    value: 119,
    low: null,
    high: null,
    interval: 'none',
    note: 'an interval of p99 needs 368 requests, this has 120',
  });
});

test('several trials: the geometric mean of their quantiles with the t interval on logs', async () => {
  const scaled = (factor: number) =>
    ladder(200).map((r) => ({ ...r, totalMs: r.totalMs * factor }));
  const { cells } = await analyse([1, 2, 4].map((factor) => ({ requests: scaled(factor) })));
  const p50 = cells[0]?.latency.p50;
  // Medians 100, 200, 400: mean log = ln 200, sd = ln 2, t(.975, 2) = 4.3027
  const factor = Math.exp((4.302652729911275 * Math.log(2)) / Math.sqrt(3));
  expect(p50?.interval).toBe('trials_t');
  expect(p50?.value).toBeCloseTo(200, 6);
  expect(p50?.low).toBeCloseTo(200 / factor, 4);
  expect(p50?.high).toBeCloseTo(200 * factor, 4);
  expect(cells[0]?.curves.map(({ trial }) => trial)).toEqual([1, 2, 3]);
});

test('latency is of hold and ok only; failures and cold shares are of all phases', async () => {
  const requests: MadeRequest[] = [
    ...ladder(20, { phase: 'warm_up', cold: true, initMs: 0.5 }),
    ...ladder(70, { phase: 'hold' }),
    ...ladder(10, { phase: 'hold', outcome: 'graphql_error', error: 'no such user' }),
  ].map((r, i) => (i >= 90 ? { ...r, totalMs: 9000 } : r));
  const { cells } = await analyse([
    { requests, change: alter({ engine: { droppedIterations: 5 } }) },
  ]);
  const cell = cells[0] as (typeof cells)[0];
  expect(cell.latency.max.value).toBe(70);
  expect(cell.failureShare).toMatchObject({ value: 15 / 105, interval: 'wilson', n: 105 });
  expect(cell.failures).toEqual([
    { outcome: 'graphql_error', error: 'no such user', requests: 10 },
    { outcome: 'dropped_iteration', error: expect.any(String), requests: 5 },
  ]);
  expect(cell.coldStarts.share).toMatchObject({ value: 0.2, n: 100 });
  expect(cell.outcomes).toMatchObject({ ok: 90, graphql_error: 10, network_error: 0 });
  expect(cell.validity.state).toBe('void');
});
