import { describe, expect, it } from 'vitest';
import { draw, indexWithin, partAt } from './draw.ts';

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
