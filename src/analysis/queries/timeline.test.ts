import { expect, test } from 'vitest';
import { analyse, ladder } from '../testing/analyse.ts';
import type { MadeRequest } from '../testing/trial-files.ts';

test('the time line has a point a second, with failures and cold starts where they were', async () => {
  const requests = ladder(30).map((r, i): MadeRequest => {
    if (i === 3) return { ...r, cold: true };
    return i === 25 ? { ...r, outcome: 'http_error', error: 'status 502' } : r;
  });
  const { cells } = await analyse([{ requests }]);
  const { binS, points } = cells[0]?.timeline ?? { binS: 0, points: [] };
  expect(binS).toBe(1);
  expect(points.map(({ atS, requests: n, cold, failures }) => [atS, n, cold, failures])).toEqual([
    [0, 10, 1, 0],
    [1, 10, 0, 0],
    [2, 10, 0, 1],
  ]);
});
