import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { nominalLevels, spent } from './boundaries.ts';
import { normalAbove, studentCumulative } from './distributions.ts';
import { moreObservations, sequentialTest } from './sequential.ts';
import { normals } from './testing/normal.ts';

const ALPHA = 0.05;
const PAIRS = [5, 6, 8, 10, 12, 15, 18, 22, 27, 30];
const FRACTIONS = PAIRS.map((pairs) => pairs / 30);

/** Share of `times` series of up to 30 standard normal values whose p at some look is below its level. */
function refused(
  times: number,
  pOf: (values: number[]) => number,
  seed: number,
  { pairs: counts, fractions } = { pairs: PAIRS, fractions: FRACTIONS },
): number {
  const normal = normals(seededRandom(seed));
  const levels = nominalLevels(ALPHA, fractions, counts);
  let count = 0;
  for (let i = 0; i < times; i += 1) {
    const values: number[] = [];
    const crosses = counts.some((pairs, look) => {
      while (values.length < pairs) values.push(normal());
      return pOf(values) <= (levels[look] as number);
    });
    if (crosses) count += 1;
  }
  return count / times;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function tTestP(values: readonly number[]): number {
  const n = values.length;
  const mean = sum(values) / n;
  const variance = sum(values.map((value) => (value - mean) ** 2)) / (n - 1);
  return studentCumulative(-mean / Math.sqrt(variance / n), n - 1);
}

describe('boundaries', () => {
  test('of one look are α itself', () => {
    expect(nominalLevels(ALPHA, [1])[0]).toBeCloseTo(ALPHA, 8);
  });

  test('at the first look spend what may be spent by then', () => {
    expect(nominalLevels(ALPHA, [0.25, 1])[0]).toBeCloseTo(spent(ALPHA, 0.25), 8);
  });

  test('of two equal looks are those of a bivariate normal', () => {
    // P(Z₁ ≥ c₁ or Z₂ ≥ c₂) with correlation √½, by simulation of its own.
    const [one, two] = nominalLevels(ALPHA, [0.5, 1]) as [number, number];
    const normal = normals(seededRandom(11));
    let crossed = 0;
    for (let i = 0; i < 200_000; i += 1) {
      const first = normal();
      const second = (first + normal()) * Math.SQRT1_2;
      if (normalAbove(first) <= one || normalAbove(second) <= two) crossed += 1;
    }
    expect(crossed / 200_000).toBeCloseTo(ALPHA, 2.7);
  });

  test('keep α over all looks of a normal process', () => {
    const share = refused(
      40_000,
      (values) => normalAbove(sum(values) / Math.sqrt(values.length)),
      1,
    );
    expect(share).toBeGreaterThan(0.047);
    expect(share).toBeLessThan(0.053);
  });

  test('keep α where a series goes beyond its plan, and where it ends before', () => {
    const z = (values: number[]) => normalAbove(sum(values) / Math.sqrt(values.length));
    // Planned with 5 pairs: fractions are n ÷ (n + 1), and the looks have much less in common than that.
    const pairs = [5, 6, 8, 10, 12, 15];
    const beyond = { pairs, fractions: pairs.map((n) => (n === 15 ? 1 : n / (n + 1))) };
    const before = { pairs: [5, 6, 7], fractions: [5 / 30, 6 / 30, 1] };
    for (const plan of [beyond, before]) {
      const share = refused(40_000, z, 4, plan);
      expect(share).toBeGreaterThan(0.046);
      expect(share).toBeLessThan(0.054);
    }
  });

  test('taken over by their levels keep α of t tests from five pairs on, to a tenth', () => {
    const share = refused(20_000, tTestP, 2);
    expect(share).toBeGreaterThan(0.046);
    expect(share).toBeLessThan(0.055);
  });
});

describe('a sequential test', () => {
  const looksAt = (values: readonly number[], counts: readonly number[]) =>
    counts.map((count) => ({ values: values.slice(0, count), fraction: count / 30 }));

  test('with one look, the last, is a t test', () => {
    const values = [0.02, 0.05, 0.01, 0.04, 0.06, 0.03];
    const { mean, low, high, pAbove, pBelow } = sequentialTest({
      looks: [{ values, fraction: 1 }],
      threshold: 0,
      alpha: ALPHA,
    });
    // By hand: mean 0.035, standard error 0.007638, t₀.₉₅ of 5 degrees of freedom 2.0150.
    expect([mean, low, high].map((x) => x.toFixed(4))).toEqual(['0.0350', '0.0196', '0.0504']);
    expect(pAbove).toBeCloseTo(0.00296, 4);
    expect(pBelow).toBeGreaterThan(0.99);
  });

  test('keeps what an earlier look has refused, and looks cost certainty', () => {
    const normal = normals(seededRandom(5));
    const clear = Array.from({ length: 5 }, () => 0.15 + 0.01 * normal());
    const values = [...clear, ...Array.from({ length: 7 }, () => 0.05 * normal())];
    const p = (counts: readonly number[]) =>
      sequentialTest({ looks: looksAt(values, counts), threshold: 0.0488, alpha: ALPHA }).pAbove;
    expect(p([5])).toBeLessThan(0.01);
    expect(p([5, 12])).toBeLessThanOrEqual(p([5]) * 1.01);
    expect(p([12])).toBeGreaterThan(p([5, 12]));
  });

  test('its bounds and its p-values say the same at the last of few looks', () => {
    const normal = normals(seededRandom(7));
    for (let i = 0; i < 50; i += 1) {
      const values = Array.from({ length: 8 }, () => 0.03 + 0.03 * normal());
      const looks = looksAt(values, [8]);
      const found = sequentialTest({ looks, threshold: 0.0488, alpha: ALPHA });
      expect(found.high < 0.0488).toBe(found.pBelow <= ALPHA);
      expect(found.low > 0.0488).toBe(found.pAbove <= ALPHA);
    }
  });

  test('values without spread are as certain as their least error allows', () => {
    const looks = [{ values: [0, 0, 0, 0, 0], fraction: 1 }];
    const certain = sequentialTest({ looks, threshold: 0.01, alpha: ALPHA });
    expect(certain).toMatchObject({ low: 0, high: 0, pAbove: 1 });
    expect(certain.pBelow).toBeLessThan(1e-8);
    const doubted = sequentialTest({ looks, threshold: 0.01, alpha: ALPHA, leastError: 0.01 });
    expect(doubted.pBelow).toBeGreaterThan(ALPHA);
    expect(doubted.high).toBeGreaterThan(0.01);
  });
});

describe('more observations', () => {
  const values = [0.01, 0.05, -0.02, 0.03, 0.02, 0.06];

  test('decide where there are that many, in four of five cases', () => {
    const job = { values, threshold: 0.0488, alpha: ALPHA, most: 1000 };
    const more = moreObservations(job) as number;
    expect(more).toBeGreaterThan(0);
    const deviation = Math.sqrt(
      sum(values.map((value) => (value - 0.025) ** 2)) / (values.length - 1),
    );
    const normal = normals(seededRandom(3));
    let decided = 0;
    for (let i = 0; i < 2000; i += 1) {
      const drawn = Array.from({ length: 6 + more }, () => 0.025 + deviation * normal());
      const test_ = sequentialTest({
        looks: [{ values: drawn, fraction: 1 }],
        threshold: 0.0488,
        alpha: ALPHA,
      });
      if (test_.high < 0.0488) decided += 1;
    }
    expect(decided / 2000).toBeGreaterThan(0.76);
    expect(decided / 2000).toBeLessThan(0.86);
  });

  test('do not where the mean is the threshold', () => {
    expect(moreObservations({ values, threshold: 0.025, alpha: ALPHA, most: 1000 })).toBeNull();
  });
});
