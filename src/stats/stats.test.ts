import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../base/random.ts';
import { geometricMeanInterval, meanInterval, wilsonInterval } from './intervals.ts';
import {
  intervalCoverage,
  leastObservations,
  quantileInterval,
  quantileRank,
  quantileSorted,
} from './quantile.ts';

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

test('a quantile is the smallest value that a share q does not exceed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 999 }),
      (values, thousandths) => {
        const sorted = values.toSorted((a, b) => a - b);
        const x = quantileSorted(sorted, thousandths / 1000) as number;
        const notAbove = sorted.filter((v) => v <= x).length;
        const below = sorted.filter((v) => v < x).length;
        expect(notAbove * 1000).toBeGreaterThanOrEqual(thousandths * sorted.length);
        expect(below * 1000).toBeLessThan(thousandths * sorted.length);
      },
    ),
  );
  expect(quantileRank(100, 0.07)).toBe(7);
  expect(quantileSorted([], 0.5)).toBeNull();
});

test('the least observations of a 95% interval', () => {
  expect([0.5, 0.9, 0.95, 0.99, 0.999].map((q) => leastObservations(q))).toEqual([
    6, 36, 72, 368, 3688,
  ]);
  expect(quantileInterval(367, 0.99)).toBeNull();
  expect(quantileInterval(368, 0.99)).toMatchObject({ high: 368 });
});

test('the interval of ranks is exact: it covers the level, a narrower one does not in its tail', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0.5, 0.9, 0.95, 0.99),
      fc.integer({ min: 1, max: 5000 }),
      (q, n) => {
        const found = quantileInterval(n, q);
        if (found === null) {
          expect(n).toBeLessThan(leastObservations(q));
          return;
        }
        expect(found.low).toBeGreaterThanOrEqual(1);
        expect(found.high).toBeLessThanOrEqual(n);
        expect(intervalCoverage(n, q, found)).toBeGreaterThanOrEqual(0.95 - 1e-9);
        // One rank further in, a tail would hold more than its 2.5%.
        expect(1 - intervalCoverage(n, q, { low: found.low + 1, high: n + 1 })).toBeGreaterThan(
          0.025 - 1e-9,
        );
      },
    ),
  );
});

test('known intervals: median of 10 is [x2, x9] (Le Boudec, table A.1)', () => {
  expect(quantileInterval(10, 0.5)).toEqual({ low: 2, high: 9 });
});

test('simulated: the p99 interval covers the true p99 of independent lognormals', () => {
  const random = seededRandom(20);
  const trueP99 = Math.exp(0.5 * 2.3263478740408408);
  let covered = 0;
  const repetitions = 1500;
  for (let r = 0; r < repetitions; r += 1) {
    const x = Float64Array.from({ length: 1000 }, () => Math.exp(0.5 * normal(random))).sort();
    const { low, high } = quantileInterval(1000, 0.99) as { low: number; high: number };
    if ((x[low - 1] as number) <= trueP99 && trueP99 <= (x[high - 1] as number)) covered += 1;
  }
  expect(covered / repetitions).toBeGreaterThan(0.94);
  expect(covered / repetitions).toBeLessThan(0.985);
});

test('simulated: the t interval on logs over 5 trials covers the geometric mean', () => {
  const random = seededRandom(21);
  let covered = 0;
  const repetitions = 4000;
  for (let r = 0; r < repetitions; r += 1) {
    const trials = Array.from({ length: 5 }, () => Math.exp(3 + 0.2 * normal(random)));
    const { low, high } = geometricMeanInterval(trials);
    if (low <= Math.exp(3) && Math.exp(3) <= high) covered += 1;
  }
  expect(covered / repetitions).toBeGreaterThan(0.94);
  expect(covered / repetitions).toBeLessThan(0.96);
});

test('the t interval of known values', () => {
  // mean 3, s = 1.5811, t(0.975, 4) = 2.7764: half-width 1.9632
  const { value, low, high } = meanInterval([1, 2, 3, 4, 5]);
  expect([value, low, high].map((x) => x.toFixed(4))).toEqual(['3.0000', '1.0368', '4.9632']);
});

test('Wilson: published values, bounds, and coverage', () => {
  // Newcombe, Statistics in Medicine 1998, table I, method 3.
  const shown = (s: number, n: number) => {
    const { low, high } = wilsonInterval(s, n) as { low: number; high: number };
    return [low.toFixed(4), high.toFixed(4)];
  };
  expect(shown(81, 263)).toEqual(['0.2553', '0.3662']);
  expect(shown(15, 148)).toEqual(['0.0624', '0.1605']);
  expect(shown(0, 20)).toEqual(['0.0000', '0.1611']);
  expect(shown(1, 29)).toEqual(['0.0061', '0.1718']);
  expect(wilsonInterval(0, 0)).toBeNull();
  const random = seededRandom(22);
  let covered = 0;
  for (let r = 0; r < 2000; r += 1) {
    let successes = 0;
    for (let i = 0; i < 400; i += 1) if (random() < 0.05) successes += 1;
    const { low, high } = wilsonInterval(successes, 400) as { low: number; high: number };
    if (low <= 0.05 && 0.05 <= high) covered += 1;
  }
  expect(covered / 2000).toBeGreaterThan(0.93);
});
