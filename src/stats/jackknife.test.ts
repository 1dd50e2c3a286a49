import { expect, test } from 'vitest';
import { meanInterval } from './intervals.ts';
import { jackknifeInterval } from './jackknife.ts';

test('of a mean the jackknife’s interval is the t interval', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const sum = values.reduce((total, value) => total + value, 0);
  const withoutOne = values.map((value) => (sum - value) / (values.length - 1));
  const plain = meanInterval(values);
  const found = jackknifeInterval(plain.value, withoutOne);
  expect(found.low).toBeCloseTo(plain.low, 12);
  expect(found.high).toBeCloseTo(plain.high, 12);
});
