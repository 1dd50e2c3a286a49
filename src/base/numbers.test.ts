import { expect, test } from 'vitest';
import { formatMs, formatShare, threeDigits, unitOfMs } from './numbers.ts';

test.each([
  [0, '0'],
  [0.0421, '0.0421'],
  [0.8424, '0.842'],
  [9.996, '10.0'],
  [41.32, '41.3'],
  [99.96, '100'],
  [1240.4, '1240'],
  [-2.71, '-2.71'],
  [Number.NaN, '–'],
])('%d has three digits as %s', (value, shown) => {
  expect(threeDigits(value)).toBe(shown);
});

test('units', () => {
  expect([formatMs(0.8424), formatMs(999.7), formatMs(1240), formatMs(null)]).toEqual([
    '0.842 ms',
    '1000 ms',
    '1.24 s',
    '–',
  ]);
  expect([formatShare(0), formatShare(0.0206), formatShare(1)]).toEqual(['0%', '2.06%', '100%']);
});

test.each([
  [0, '0 ms'],
  [0.0004, '0.400 µs'],
  [0.007, '7 µs'],
  [-0.0591, '-59 µs'],
  [0.0994, '99 µs'],
  [0.1, '0.100 ms'],
  [Number.NaN, '– ms'],
])('%d ms is shown as %s: no digits that no clock gave', (ms, shown) => {
  expect(formatMs(ms)).toBe(shown);
});

test('bounds are shown in the unit of their value', () => {
  expect([0.0421, 0.12, 0].map(unitOfMs(0.059).show)).toEqual(['42', '120', '0']);
  expect([950, 1310].map(unitOfMs(1100).show)).toEqual(['0.950', '1.31']);
});
