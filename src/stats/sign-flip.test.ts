import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { signFlipP } from './sign-flip.ts';
import { normals } from './testing/normal.ts';

/** Every way to give signs, one by one. */
function counted(values: readonly number[], threshold: number): number {
  const distances = values.map((value) => value - threshold);
  const seen = distances.reduce((total, distance) => total + distance, 0);
  let atLeast = 0;
  for (let signs = 0; signs < 2 ** values.length; signs += 1) {
    const sum = distances.reduce(
      (total, distance, i) => total + ((signs >> i) & 1 ? distance : -distance),
      0,
    );
    if (sum >= seen - 1e-12) atLeast += 1;
  }
  return atLeast / 2 ** values.length;
}

test('counts what a count one by one counts', () => {
  const normal = normals(seededRandom(4));
  for (const n of [1, 2, 3, 5, 8, 11]) {
    const values = Array.from({ length: n }, () => 0.3 + normal());
    expect(signFlipP(values, 0.1)).toBe(counted(values, 0.1));
  }
});

test('equal distances are ties, and all on one side the smallest p there is', () => {
  expect(signFlipP([1, 1, 1, -1], 0)).toBe(5 / 16);
  expect(signFlipP([0.2, 0.3, 0.1, 0.25, 0.15], 0.05)).toBe(1 / 32);
  expect(signFlipP([0.1, 0.2, 0.3], 0.2)).toBe(6 / 8);
});

test('thirty pairs are counted, more than forty are not', () => {
  const normal = normals(seededRandom(6));
  const values = Array.from({ length: 30 }, () => normal());
  const p = signFlipP(values, 0) as number;
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThan(1);
  expect(signFlipP(Array.from({ length: 41 }, normal), 0)).toBeNull();
  expect(signFlipP([], 0)).toBeNull();
});
