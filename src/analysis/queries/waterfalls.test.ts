import { expect, test } from 'vitest';
import { analyse, ladder } from '../testing/analyse.ts';
import { tablesOf } from '../testing/trial-files.ts';
import { withTrials } from '../testing/with-trials.ts';
import { readWaterfalls } from './waterfalls.ts';

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

test('of a thousand spans the longest have a bar, and it is said how many have none', async () => {
  const tables = tablesOf([{ totalMs: 2000 }, { totalMs: 3 }]);
  const [service] = tables.spans ?? [];
  tables.spans?.push(
    ...Array.from({ length: 500 }, (_, i) => ({
      ...service,
      span_id: `b${i}`,
      parent_id: 's',
      role: 'backend',
      name: `call ${i}`,
      started_us: Number(service?.started_us) + i * 2000,
      ended_us: Number(service?.started_us) + i * 2000 + (i % 10 === 0 ? 1500 : 100),
      error: i === 7,
    })),
  );
  const [slowest] = await withTrials([tables], (database, _, files) =>
    readWaterfalls(database, files),
  );
  expect(slowest).toMatchObject({ kind: 'slowest', totalMs: 2000, spansLeftOut: 401 });
  const calls = slowest?.spans.filter(({ role }) => role === 'backend') ?? [];
  expect(calls).toHaveLength(99);
  expect(calls.map(({ name }) => name)).toContain('call 7');
  expect(calls.filter(({ startMs, endMs }) => endMs - startMs > 1)).toHaveLength(50);
});
