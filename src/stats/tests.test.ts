import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { benjaminiHochberg } from './adjust.ts';
import { studentCumulative, studentQuantile } from './distributions.ts';
import { normals } from './testing/normal.ts';
import { pairedRatioTest, unpairedRatioTest } from './tests.ts';

test('Student’s distribution is the inverse of its quantiles, at fractional degrees too', () => {
  for (const df of [1, 2.5, 4, 9, 30]) {
    for (const p of [0.001, 0.025, 0.3, 0.5, 0.9, 0.975]) {
      expect(studentCumulative(studentQuantile(p, df), df)).toBeCloseTo(p, 9);
    }
  }
});

test('known values: Student’s sleep data (Biometrika 1908), paired and by Welch', () => {
  // exp() of the hours of sleep gained, so that their logarithms are the published numbers.
  const a = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2].map(Math.exp);
  const b = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4].map(Math.exp);
  const paired = pairedRatioTest(a, b);
  expect(Math.log(paired.ratio)).toBeCloseTo(1.58, 9);
  expect([Math.log(paired.low), Math.log(paired.high)].map((x) => x.toFixed(4))).toEqual([
    '0.7001',
    '2.4599',
  ]);
  expect(paired.p).toBeCloseTo(0.002833, 6);
  const welch = unpairedRatioTest(a, b);
  expect(welch.p).toBeCloseTo(0.07939, 5);
  expect([Math.log(welch.low), Math.log(welch.high)].map((x) => x.toFixed(4))).toEqual([
    '-0.2055',
    '3.3655',
  ]);
});

test('without any spread a difference is certain and none is none', () => {
  expect(pairedRatioTest([1, 1, 1], [2, 2, 2])).toMatchObject({ ratio: 2, p: 0, n: 3 });
  expect(unpairedRatioTest([2, 2], [2, 2, 2])).toMatchObject({ ratio: 1, p: 1, n: 5 });
  const careful = pairedRatioTest([1, 1, 1], [2, 2, 2], { leastError: 1 });
  expect(careful.p).toBeCloseTo(0.56, 2);
  expect(careful.high).toBeGreaterThan(2);
  expect(() => pairedRatioTest([1], [2])).toThrow('two observations');
  expect(() => pairedRatioTest([1, 2], [2])).toThrow('pairs');
});

test('simulated: a test at 5% errs in 5% where nothing differs, and finds 10% where it does', () => {
  const normal = normals(seededRandom(31));
  const repetitions = 4000;
  const rejected = { paired: 0, welch: 0, pairedFound: 0, welchFound: 0 };
  for (let r = 0; r < repetitions; r += 1) {
    const drift = Array.from({ length: 10 }, () => 0.1 * normal());
    const a = drift.map((shared) => Math.exp(shared + 0.03 * normal()));
    const b = drift.map((shared) => Math.exp(shared + 0.03 * normal()));
    const slower = b.map((value) => 1.1 * value);
    // Of other rounds: as many as there are, and not as steady.
    const apart = Array.from({ length: 6 }, () => Math.exp(0.2 * normal()));
    if (pairedRatioTest(a, b).p < 0.05) rejected.paired += 1;
    if (unpairedRatioTest(a, apart).p < 0.05) rejected.welch += 1;
    if (pairedRatioTest(a, slower).p < 0.05) rejected.pairedFound += 1;
    if (unpairedRatioTest(a, slower).p < 0.05) rejected.welchFound += 1;
  }
  // Binomial: 4,000 runs give 5% ± 1.1% with 99.9% probability.
  for (const name of ['paired', 'welch'] as const) {
    expect(rejected[name] / repetitions, name).toBeGreaterThan(0.035);
    expect(rejected[name] / repetitions, name).toBeLessThan(0.065);
  }
  expect(rejected.pairedFound / repetitions).toBeGreaterThan(0.99);
  expect(rejected.welchFound).toBeLessThan(rejected.pairedFound);
});

test('Benjamini and Hochberg’s own example, in any order', () => {
  // Their 15 p-values: at q = .05 the four smallest are rejected.
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
    0.6528, 0.759, 1,
  ];
  expect(benjaminiHochberg(p).map((value) => value <= 0.05)).toEqual(p.map((_, i) => i < 4));
  fc.assert(
    fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (some) => {
      const adjusted = benjaminiHochberg(some);
      expect(benjaminiHochberg(some.toReversed())).toEqual(adjusted.toReversed());
      for (const [i, value] of adjusted.entries()) {
        expect(value).toBeGreaterThanOrEqual(some[i] as number);
        expect(value).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('simulated: of what is found at q = 10%, at most 10% is false', () => {
  const normal = normals(seededRandom(32));
  const repetitions = 1000;
  let falseShare = 0;
  let found = 0;
  for (let r = 0; r < repetitions; r += 1) {
    const p = Array.from({ length: 20 }, (_, i) => {
      const ratio = i < 5 ? 1.15 : 1;
      const a = Array.from({ length: 5 }, () => Math.exp(0.05 * normal()));
      const b = Array.from({ length: 5 }, () => ratio * Math.exp(0.05 * normal()));
      return pairedRatioTest(a, b).p;
    });
    const hits = benjaminiHochberg(p).map((value) => value <= 0.1);
    const wrong = hits.filter((hit, i) => hit && i >= 5).length;
    found += hits.filter((hit, i) => hit && i < 5).length;
    falseShare += wrong / Math.max(1, hits.filter(Boolean).length);
  }
  // The bound is q · m₀ ÷ m = 7.5%, for independent tests exactly.
  expect(falseShare / repetitions).toBeLessThan(0.1);
  expect(found / repetitions / 5).toBeGreaterThan(0.4);
});
