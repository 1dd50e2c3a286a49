import { describe, expect, it } from 'vitest';
import { draw, indexWithin, isSampled, partAt } from './draw.ts';

const PARTS = [
  { name: 'often', from: 0, upTo: 0.75 },
  { name: 'seldom', from: 0.75, upTo: 1 },
];

describe('draw', () => {
  it('draws operations by weight and rows evenly', () => {
    const counts = new Map<string, number>();
    const draws = 40_000;
    for (let iteration = 0; iteration < draws; iteration += 1) {
      const at = draw(7, iteration);
      const part = partAt(PARTS, at);
      const key = `${part.name} ${indexWithin(part, at, 4)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // Five standard deviations of a binomial count.
    for (let row = 0; row < 4; row += 1) {
      expect(Math.abs((counts.get(`often ${row}`) ?? 0) - 7500)).toBeLessThan(5 * 78);
      expect(Math.abs((counts.get(`seldom ${row}`) ?? 0) - 2500)).toBeLessThan(5 * 49);
    }
    expect(counts.size).toBe(8);
  });

  it('depends on seed and iteration alone', () => {
    expect(draw(1, 5)).toBe(draw(1, 5));
    expect(draw(1, 5)).not.toBe(draw(2, 5));
    expect(draw(1, 5)).not.toBe(draw(1, 6));
    expect(draw(-3, 2 ** 31)).toBeLessThan(1);
  });

  it('stays within the parts at their edges', () => {
    expect(partAt(PARTS, 0.75).name).toBe('seldom');
    expect(partAt([{ from: 0, upTo: 0.999 }], 0.9999).upTo).toBe(0.999);
    expect(indexWithin({ from: 0, upTo: 0.999 }, 0.9999, 3)).toBe(2);
  });
});

describe('isSampled', () => {
  const count = 40_000;
  const chosen = (seed: number, share: number) =>
    Array.from({ length: count }, (_, key) => Number(isSampled(seed, key, share)));
  /** How far two series of a share go together, in standard deviations of what chance does. */
  const together = (a: number[], b: number[]) => {
    const mean = (values: number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const [meanA, meanB] = [mean(a), mean(b)];
    const product = mean(b.map((value, i) => ((a[i] as number) - meanA) * (value - meanB)));
    const spread = Math.sqrt(meanA * (1 - meanA) * meanB * (1 - meanB));
    return (Math.abs(product) / spread) * Math.sqrt(b.length);
  };

  it.each([0.01, 0.05, 0.5, 0.9])('takes the share of %d, the same each time', (share) => {
    for (const seed of [0, 1, 42, -7]) {
      const n = chosen(seed, share).reduce((sum, one) => sum + one, 0);
      expect(Math.abs(n - count * share)).toBeLessThan(5 * Math.sqrt(count * share * (1 - share)));
    }
    expect(chosen(3, share)).toEqual(chosen(3, share));
    expect(chosen(3, share)).not.toEqual(chosen(4, share));
  });

  it('goes together neither with operations nor with rows, time or another round', () => {
    for (const seed of [1, 42, 20_261_120]) {
      const sampled = chosen(seed, 0.1);
      const drawn = Array.from({ length: count }, (_, key) => draw(seed, key));
      const others = [0.25, 0.75].map((at) => drawn.map((value) => Number(value < at)));
      const rows = drawn.map((value) => Number(Math.floor(value * 64) % 2 === 0));
      const half = sampled.map((_, key) => Number(key < count / 2));
      for (const other of [...others, rows, half, chosen(seed + 1, 0.1)]) {
        expect(together(sampled, other)).toBeLessThan(5);
      }
      for (const lag of [1, 2, 3, 5, 6, 10, 50, 64, 100, 1024]) {
        expect(together(sampled, sampled.slice(lag))).toBeLessThan(5);
        expect(together(sampled, others[0]?.slice(lag) ?? [])).toBeLessThan(5);
      }
    }
  });
});
