import { expect, test } from 'vitest';
import { analyse, ladder } from '../testing/analyse.ts';

test('waterfalls: the slowest, the median and a cold request, with bars from its start', async () => {
  const requests = [...ladder(99), { totalMs: 500, cold: true, initMs: 400 }];
  const { cells } = await analyse([{ requests }]);
  const found = cells[0]?.waterfalls.map(({ kind, totalMs }) => [kind, totalMs]);
  expect(found).toEqual([
    ['slowest', 500],
    ['slowest', 99],
    ['slowest', 98],
    ['median', 50],
    ['cold', 500],
  ]);
  const bars = cells[0]?.waterfalls[0]?.spans;
  expect(bars?.map(({ name, depth }) => [name, depth])).toEqual([
    ['blocked', 0],
    ['sending', 0],
    ['waiting', 0],
    ['receiving', 0],
    ['f', 1],
    ['Initialization', 2],
  ]);
  expect(bars?.at(4)).toMatchObject({ startMs: 0, endMs: 500 });
});
