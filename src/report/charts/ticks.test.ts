import { expect, test } from 'vitest';
import { logTicks } from './ticks.ts';

test('fewer steps the more decades there are', () => {
  expect(logTicks(8, 250, 8)).toEqual([10, 20, 50, 100, 200]);
  expect(logTicks(0.9, 2000, 8)).toEqual([1, 3, 10, 30, 100, 300, 1000]);
  expect(logTicks(0.01, 1e5, 8)).toEqual([0.01, 0.1, 1, 10, 100, 1000, 10_000, 100_000]);
});
