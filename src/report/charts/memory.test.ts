import { expect, test } from 'vitest';
import type { Analysis } from '../../model/analysis.ts';
import { sweepAnalysis, uglyAnalysis } from '../testing/sample-analysis.ts';
import { memoryCharts } from './memory.ts';
import { dominatedText, memoryCostChart } from './memory-cost.ts';

const indexesOf = ({ cells }: Analysis) => new Map(cells.map(({ cell }, i) => [cell.id, i]));
const groupOf = (analysis: Analysis) => {
  const [group] = analysis.memoryScaling;
  if (group === undefined) throw new Error('no group of sizes');
  return group;
};

test('a curve only where one was fitted, the staircase shaded where a call fits', () => {
  const analysis = sweepAnalysis();
  const charts = memoryCharts(groupOf(analysis), 1, indexesOf(analysis));
  const withRows = (name: string) =>
    charts.flatMap(({ quantity, chart }) =>
      chart.data[name]?.rows.length ? [quantity.quantity] : [],
    );
  expect(withRows('points')).toEqual([
    'init',
    'first_call',
    'handler',
    'backend',
    'connection',
    'p50',
    'p99',
  ]);
  expect(withRows('curve')).toEqual(['first_call', 'connection']);
  expect(withRows('fits')).toEqual(['handler', 'backend', 'p50']);
});

test('no curve of another kind, whatever the analysis holds', () => {
  const analysis = sweepAnalysis();
  const group = groupOf(analysis);
  for (const quantity of group.quantities) quantity.kind = 'staircase';
  const charts = memoryCharts(group, 1, indexesOf(analysis));
  expect(charts.flatMap(({ chart }) => chart.data.curve?.rows)).toEqual([]);
});

test('the shade begins between the last size that does not fit and the first that does', () => {
  const analysis = sweepAnalysis();
  const group = groupOf(analysis);
  group.sizes.forEach((size, i) => {
    size.fitsInPeriod = i >= 2;
  });
  const handler = memoryCharts(group, 1, indexesOf(analysis)).find(
    ({ quantity }) => quantity.quantity === 'handler',
  );
  const from = Number(handler?.chart.data.fits?.rows[0]?.[0]);
  expect(from).toBeGreaterThan(1024);
  expect(from).toBeLessThan(1769);
});

test('the axis starts at zero, or below what is negative', () => {
  const analysis = sweepAnalysis();
  const group = groupOf(analysis);
  const figure = group.quantities.find(({ quantity }) => quantity === 'connection')?.points[0]
    ?.figure;
  if (figure === undefined) throw new Error('no figure');
  Object.assign(figure, { value: -4, low: -9, high: 1 });
  const from = memoryCharts(group, 1, indexesOf(analysis)).map(({ quantity, chart }) => [
    quantity.quantity,
    Number(chart.signals.fromMs) < 0,
  ]);
  expect(from.filter(([, isBelow]) => isBelow)).toEqual([['connection', true]]);
});

test('the front joins efficient sizes only, dominated ones are pale and named', () => {
  const analysis = sweepAnalysis();
  const group = groupOf(analysis);
  const chart = memoryCostChart(group, 1, indexesOf(analysis), analysis.cells);
  expect(chart?.data.front?.rows.length).toBeGreaterThan(1);
  const at = (name: string) =>
    chart?.data.sizes?.columns.findIndex(({ field }) => field === name) ?? -1;
  expect(chart?.data.sizes?.rows.map((row) => [row[at('memoryMb')], row[at('pale')]])).toEqual([
    [512, false],
    [1024, false],
    [1769, false],
    [2048, true],
    [3008, false],
  ]);
  expect(dominatedText(group)).toBe('2048 MB is dominated by 1769 MB');
});

test('the line only falls, whatever the intervals leave open', () => {
  const analysis = sweepAnalysis();
  const [, second] = analysis.cells;
  if (second) second.latency.p99.value = 1500;
  const chart = memoryCostChart(groupOf(analysis), 1, indexesOf(analysis), analysis.cells);
  const ms = chart?.data.front?.rows.map(([, value]) => Number(value)) ?? [];
  expect(ms.length).toBeGreaterThan(1);
  expect(ms).toEqual([...ms].sort((a, b) => b - a));
});

test('sizes without a cost or a latency are not drawn, one alone is no chart', () => {
  const analysis = uglyAnalysis();
  for (const { latency } of analysis.cells.slice(0, 2)) latency.p50.value = null;
  expect(memoryCostChart(groupOf(analysis), 1, indexesOf(analysis), analysis.cells)).toBeNull();
});
