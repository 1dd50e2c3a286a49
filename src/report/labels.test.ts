import { expect, test } from 'vitest';
import { nameCells } from '../model/cell-names.ts';
import { sampleAnalysis } from './testing/sample-analysis.ts';

const cellsOf = (options: Parameters<typeof sampleAnalysis>[0]) =>
  sampleAnalysis({ trials: 1, ...options }).cells.map((cell) => cell.cell);

test('labels hold what varies, the rest is said once', () => {
  const names = nameCells(cellsOf({ memoriesMb: [512, 1024] }));
  expect(names.labels).toEqual(['512 MB', '1024 MB']);
  expect(names.varied).toEqual([{ name: 'memory', levels: ['512 MB', '1024 MB'] }]);
  expect(names.shared).toEqual([
    'dynamo',
    'apollo',
    'rest-api',
    'dataset x1',
    'nodejs24.x',
    'ramp to 20.0/s, held 50 s',
  ]);
});

test('one cell is named by backend and memory', () => {
  expect(nameCells(cellsOf({ memoriesMb: [512] })).labels).toEqual(['dynamo · 512 MB']);
});

test('cells that no factor tells apart keep their ids', () => {
  const [cell] = cellsOf({ memoriesMb: [512] });
  if (!cell) throw new Error('no cell');
  expect(nameCells([cell, { ...cell, id: 'other' }]).labels).toEqual([cell.id, 'other']);
});

test('a variant stands beside its backend, and every factor that varies tells cells apart', () => {
  const names = nameCells(
    cellsOf({
      backends: ['dynamo', 'postgres'],
      variants: ['as-published', 'indexed'],
      batchings: [false, true],
      memoriesMb: [1024],
      datasets: ['x1', 'x100'],
    }),
  );
  expect(new Set(names.labels).size).toBe(12);
  expect(names.labels).toContain('dynamo · batched · x100');
  expect(names.labels).toContain('postgres as-published · unbatched · x1');
  expect(names.varied.map(({ name }) => name)).toEqual([
    'backend',
    'variant',
    'batching',
    'dataset',
  ]);
  expect(names.shared).toContain('pg');
});
