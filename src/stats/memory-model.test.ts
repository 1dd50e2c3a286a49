import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { fitMemoryModel, memoryCurveMs } from './memory-model.ts';
import { normals } from './testing/normal.ts';

const SIZES_MB = [512, 1024, 1769, 2048, 3008];
const REPETITIONS = 2000;

/** Durations by the law with noise of each trial and shifts that a round's sizes share. */
function simulated(
  truth: { a: number; b: number; s: number },
  rounds: number,
  normal: () => number,
  noise = { own: 0.03, shared: 0.1 },
): number[][] {
  return Array.from({ length: rounds }, () => {
    const shared = noise.shared * normal();
    return SIZES_MB.map((mb) => memoryCurveMs(truth, mb) * Math.exp(shared + noise.own * normal()));
  });
}

test('without noise the fit is the law: one thread, some of two, more than any size has', () => {
  for (const s of [1, 1.35, 4]) {
    const exact = simulated({ a: 7, b: 200, s }, 3, () => 0);
    const found = fitMemoryModel(SIZES_MB, exact);
    expect(found.s).toBeCloseTo(Math.min(s, 3008 / 1769), 6);
    expect(found.a).toBeCloseTo(7, 6);
    expect(found.b).toBeCloseTo(200, 6);
    expect(found.lackOfFitShare).toBeLessThan(1e-9);
  }
});

test.each([
  { a: 5, b: 200, s: 1 },
  { a: 30, b: 50, s: 1 },
  { a: 5, b: 200, s: 1.35 },
  { a: 5, b: 200, s: 2 },
])('a = $a, b = $b, s = $s: within their intervals in 93 to 97 of 100', (truth) => {
  const normal = normals(seededRandom(41));
  for (const rounds of [5, 10]) {
    let [a, b] = [0, 0];
    for (let r = 0; r < REPETITIONS; r += 1) {
      const { aMs, bMs } = fitMemoryModel(SIZES_MB, simulated(truth, rounds, normal));
      if (aMs !== null && aMs.low <= truth.a && truth.a <= aMs.high) a += 1;
      if (bMs !== null && bMs.low <= truth.b && truth.b <= bMs.high) b += 1;
    }
    for (const share of [a / REPETITIONS, b / REPETITIONS]) {
      expect(share, `${rounds} rounds`).toBeGreaterThan(0.93);
      expect(share, `${rounds} rounds`).toBeLessThan(0.97);
    }
  }
});

test('two rounds have a curve and no interval', () => {
  const found = fitMemoryModel(
    SIZES_MB,
    simulated({ a: 5, b: 200, s: 1 }, 2, () => 0),
  );
  expect(found).toMatchObject({ aMs: null, bMs: null, s: 1 });
  expect(found.b).toBeCloseTo(200, 6);
});

test('what is not of the law lacks fit', () => {
  const normal = normals(seededRandom(42));
  const stairs = Array.from({ length: 5 }, () =>
    [40, 40, 20, 12, 10].map((ms) => ms * Math.exp(0.02 * normal())),
  );
  expect(fitMemoryModel(SIZES_MB, stairs).lackOfFitShare).toBeGreaterThan(0.2);
});
