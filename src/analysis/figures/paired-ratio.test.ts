import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../base/random.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import { sampledCell } from '../testing/sampled-cell.ts';
import { ratiosOf } from './paired-ratio.ts';

const cells = (a: readonly (number | null)[], b: readonly (number | null)[]) =>
  [a, b].map((p50) => sampledCell({ p50 })) as [CellAnalysis, CellAnalysis];

/** Standard normal, by Box and Muller. */
const normal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

test('the geometric mean of the rounds’ ratios with the t interval on their logs', () => {
  const { p50 } = ratiosOf(...cells([10, 40, 80], [10, 20, 20]));
  // Ratios 1, 2, 4: mean log = ln 2, sd = ln 2, t(.975, 2) = 4.3027
  const factor = Math.exp((4.302652729911275 * Math.log(2)) / Math.sqrt(3));
  expect(p50).toMatchObject({ unit: 'ratio', interval: 'paired_t', trials: 3 });
  expect(p50.value).toBeCloseTo(2, 9);
  expect(p50.low).toBeCloseTo(2 / factor, 6);
  expect(p50.high).toBeCloseTo(2 * factor, 6);
});

test('fewer than three rounds have a ratio and say what an interval needs', () => {
  expect(ratiosOf(...cells([20, 80], [10, 20])).p50).toMatchObject({
    value: Math.exp((Math.log(2) + Math.log(4)) / 2),
    low: null,
    high: null,
    interval: 'none',
    trials: 2,
    note: '2 rounds; an interval needs 3',
  });
});

test('only rounds that both cells have make a pair', () => {
  const { p50 } = ratiosOf(...cells([20, null, 60, 80], [10, 10, null, 20]));
  expect(p50).toMatchObject({ trials: 2 });
  const [cell, other] = cells([null], [10]);
  cell.latency.p50 = { ...cell.latency.p50, value: null, note: 'p50 needs answers' };
  expect(ratiosOf(cell, other).p50).toMatchObject({ value: null, note: 'p50 needs answers' });
});

test('what a cell has no figure of has no ratio, though some of its rounds have it', () => {
  const needs = 'p99 needs 100 requests, a trial has 80';
  const [cell, other] = [
    [90, null, 93],
    [30, 31, 30],
  ].map((p99) => sampledCell({ p50: [10, 10, 10], p99 })) as [CellAnalysis, CellAnalysis];
  cell.latency.p99 = { ...cell.latency.p99, value: null, note: needs };
  for (const { p50, p99 } of [ratiosOf(cell, other), ratiosOf(other, cell)]) {
    expect(p99).toMatchObject({ value: null, low: null, note: needs });
    expect(p50.value).toBe(1);
  }
});

test('the interval holds the true ratio in 95% of runs, though rounds drift (seeded)', () => {
  const random = seededRandom(20261120);
  const runs = 4000;
  for (const rounds of [3, 5, 10]) {
    let held = 0;
    let narrower = 0;
    for (let run = 0; run < runs; run += 1) {
      const drift = Array.from({ length: rounds }, () => 0.1 * normal(random));
      const of = (base: number) =>
        drift.map((shared) => base * Math.exp(shared + 0.03 * normal(random)));
      const { p50 } = ratiosOf(...cells(of(41), of(10)));
      if ((p50.low ?? 99) <= 4.1 && 4.1 <= (p50.high ?? 0)) held += 1;
      if ((p50.high ?? 99) / (p50.low ?? 1) < 1.5) narrower += 1;
    }
    // Binomial: 4,000 runs give 95% ± 1.1% with 99.9% probability.
    expect(held / runs, `${rounds} rounds`).toBeGreaterThan(0.938);
    expect(held / runs, `${rounds} rounds`).toBeLessThan(0.962);
    // Unpaired, a drift of 10% would leave hardly any so narrow.
    expect(narrower / runs).toBeGreaterThan(0.9);
  }
});
