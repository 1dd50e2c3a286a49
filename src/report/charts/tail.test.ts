import { expect, test } from 'vitest';
import { burstAnalysis, manyCellsAnalysis, sampleAnalysis } from '../testing/sample-analysis.ts';
import { burstCharts } from './burst.ts';
import type { DataTable } from './chart.ts';
import { tailCharts, tailsOf } from './tail.ts';

const column = ({ columns, rows }: DataTable, field: string) =>
  rows.map((row) => row[columns.findIndex((one) => one.field === field)]);

function tableOf(chart: { data: Record<string, DataTable> }, name: string): DataTable {
  const table = chart.data[name];
  if (table === undefined) throw new Error(`no data ${name}`);
  return table;
}

test('a waterfall leads from the mean of the middle to that of the tail', () => {
  const { cells } = sampleAnalysis();
  const shown = tailsOf(cells, 'p99');
  const charts = tailCharts(shown, 'p99', ['one', 'two']);
  expect(charts).toHaveLength(2);
  charts.forEach(({ chart }, i) => {
    const bars = tableOf(chart, 'bars');
    const [from, to] = [column(bars, 'fromMs').map(Number), column(bars, 'toMs').map(Number)];
    const tail = shown[i]?.tail;
    expect(to[0]).toBeCloseTo(tail?.middleTotalMs ?? 0, 0);
    expect(from[1]).toBe(to[0]);
    expect(Math.max(to.at(-2) ?? 0, from.at(-2) ?? 0) / (tail?.tailTotalMs ?? 0)).toBeCloseTo(1, 1);
    expect([from.at(-1), (to.at(-1) ?? 0) / (tail?.tailTotalMs ?? 1)]).toEqual([
      0,
      expect.closeTo(1, 3),
    ]);
  });
});

test('a part that is shorter in the tail leads back', () => {
  const { cells } = sampleAnalysis({ memoriesMb: [1024] });
  const tail = cells[0]?.tails.find(({ quantile }) => quantile === 'p99');
  const backend = tail?.parts.find(({ part }) => part === 'backend');
  if (!tail || !backend) throw new Error('no tail');
  const taken = backend.differenceMs + 30;
  backend.differenceMs = -30;
  backend.share.value = -0.07;
  tail.tailTotalMs = (tail.tailTotalMs ?? 0) - taken;
  const [drawn] = tailCharts(tailsOf(cells, 'p99'), 'p99', ['one']);
  const lines = drawn ? tableOf(drawn.chart, 'lines') : undefined;
  const row = lines?.rows.find((one) => one[2] === 'backend');
  expect(row?.[3]).toMatch(/^−30\.0 ms · −7\.0%/);
  const bars = drawn ? tableOf(drawn.chart, 'bars') : undefined;
  const bar = bars?.rows.find((one) => one[2] === row?.[1]);
  expect(Number(bar?.[4]) - Number(bar?.[3])).toBeCloseTo(30, 0);
});

test('many cells are a row each, the slowest first; void ones come last and set no scale', () => {
  const { cells } = manyCellsAnalysis(2);
  const slow = tailsOf(cells, 'p99')[0];
  if (!slow) throw new Error('no tail');
  slow.cell.validity.state = 'void';
  slow.tail.tailTotalMs = 1e5;
  const shown = tailsOf(cells, 'p99');
  expect(shown.at(-1)?.index).toBe(slow.index);
  const order = shown.slice(0, -1).map(({ cell }) => cell.latency.p99.value ?? 0);
  expect(order).toEqual([...order].sort((a, b) => b - a));
  const charts = tailCharts(
    shown,
    'p99',
    cells.map(({ cell }) => cell.id),
  );
  expect(charts).toHaveLength(1);
  expect(Number(charts[0]?.chart.signals.maxMs)).toBeLessThan(1e4);
});

test('the counterfactual is marked only where some of the tail was cold', () => {
  const { cells } = sampleAnalysis({ memoriesMb: [1024] });
  const shapes = () =>
    tailCharts(tailsOf(cells, 'p99'), 'p99', ['one']).flatMap(({ chart }) =>
      column(tableOf(chart, 'marks'), 'shape'),
    );
  expect(shapes()).toEqual(['square', 'diamond']);
  for (const tail of cells[0]?.tails ?? []) tail.coldRequests = 0;
  expect(shapes()).toEqual(['square']);
});

test('a burst: bins stand at their middle, shares are of a bin, scales are one for all cells', () => {
  const { cells } = burstAnalysis(3);
  const { cells: drawn, shownTrials } = burstCharts(cells);
  expect(shownTrials).toEqual([1, 2, 3]);
  const point = cells[0]?.burst?.points[0];
  const bins = drawn[0] ? tableOf(drawn[0].cold, 'bins') : undefined;
  if (!bins || !point) throw new Error('no burst');
  expect(column(bins, 'atS')[0]).toBe(0.125);
  expect(Number(column(bins, 'share')[0])).toBeCloseTo(point.cold / point.requests, 3);
  expect(drawn[0]?.latency.signals).toEqual(drawn[1]?.latency.signals);
});
