import { expect, test } from 'vitest';
import { coldAnalysis, sampleAnalysis } from '../testing/sample-analysis.ts';
import { coldByMemoryCharts } from './cold-by-memory.ts';

const labels = ['a', 'b', 'c', 'd', 'e'];

test('first and later calls share a panel; the lines of a size are of one group', () => {
  const charts = coldByMemoryCharts(coldAnalysis().cells, labels);
  expect(charts.map(({ panel }) => panel.id)).toEqual(['init', 'call', 'connection', 'penalty']);
  const rows = charts[1]?.chart.data.points?.rows ?? [];
  expect(rows).toHaveLength(10);
  expect(new Set(rows.map((row) => row[2]))).toEqual(new Set(['first call', 'later calls']));
  expect(new Set(rows.map((row) => row[6])).size).toBe(1);
});

test('nothing is drawn over memory where cells do not differ in it alone', () => {
  const one = sampleAnalysis({ memoriesMb: [1024], servers: ['apollo', 'yoga'], trials: 1 });
  expect(coldByMemoryCharts(one.cells, labels)).toEqual([]);
  const two = sampleAnalysis({ trials: 1 }).cells;
  const [first] = two;
  if (first) first.cell.endpoint.server = 'yoga';
  expect(coldByMemoryCharts(two, labels)).toEqual([]);
});

test('an interval many times its value does not set the scale; one below zero is within it', () => {
  const { cells } = coldAnalysis();
  const [first] = cells;
  if (!first) throw new Error('no cell');
  const most = Math.max(...cells.map(({ coldStarts }) => coldStarts.connectionMs.value ?? 0));
  Object.assign(first.coldStarts.connectionMs, { low: -most / 2, high: most * 50 });
  const signals = coldByMemoryCharts(cells, labels)[2]?.chart.signals;
  expect(signals?.maxMs).toBeLessThan(most * 3);
  expect(signals?.minMs).toBeLessThanOrEqual(-most / 2);
});
