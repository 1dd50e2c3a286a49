import { expect, test } from 'vitest';
import { rangeText } from './format.ts';

test.each([
  [1240, 980, 1310, '[0.980–1.31]'],
  [41.3, 38.2, 1045, '[38.2–1045]'],
  [0.059, 0.051, 0.2, '[51–200]'],
])('the range about %d ms is in the unit of the median', (medianMs, minMs, maxMs, text) => {
  expect(rangeText({ medianMs, minMs, maxMs, n: 5 })).toBe(text);
});
