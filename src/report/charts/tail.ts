import type { CellAnalysis } from '../../model/analysis.ts';
import { type Chart, largest, short } from './chart.ts';
import { type CellTail, type Drawn, rowsOf, type TailQuantile, waterfallOf } from './tail-rows.ts';

/** Up to this many cells get a waterfall each; more are a row each of one chart. */
const WATERFALLS = 3;
/** Cells that have something to compare at the quantile, the slowest first, void ones last. */
export function tailsOf(cells: readonly CellAnalysis[], quantile: TailQuantile): CellTail[] {
  const isVoid = ({ cell }: CellTail) => cell.validity.state === 'void';
  return cells
    .flatMap((cell, index) => {
      const tail = cell.tails.find((one) => one.quantile === quantile);
      return tail && tail.parts.length > 0 ? [{ index, cell, tail }] : [];
    })
    .sort(
      (a, b) =>
        Number(isVoid(a)) - Number(isVoid(b)) ||
        (b.cell.latency[quantile].value ?? 0) - (a.cell.latency[quantile].value ?? 0),
    );
}

/** One waterfall a cell, all on the same scale, which void cells do not set; of many cells one chart with a row each. */
export function tailCharts(
  shown: readonly CellTail[],
  quantile: TailQuantile,
  labels: readonly string[],
): { cell: number | null; chart: Chart }[] {
  const usable = shown.filter(({ cell }) => cell.validity.state !== 'void');
  const maxMs =
    (largest(
      (usable.length > 0 ? usable : shown).flatMap(({ cell, tail }) => [
        tail.tailTotalMs,
        (tail.middleTotalMs ?? 0) +
          tail.parts.reduce((sum, { differenceMs }) => sum + Math.max(0, differenceMs), 0),
        cell.latency[quantile].value,
        tail.withoutCold.value,
      ]),
    ) ?? 1) * 1.02;
  if (shown.length > WATERFALLS) {
    return [{ cell: null, chart: draw(`tail-${quantile}`, rowsOf(shown, labels), maxMs) }];
  }
  return shown.map((one) => ({
    cell: one.index,
    chart: draw(`tail-${quantile}-${one.index + 1}`, waterfallOf(one, quantile), maxMs),
  }));
}

function draw(
  id: string,
  { lines, bars, marks, rowHeight, nameShare }: Drawn,
  maxMs: number,
): Chart {
  return {
    id,
    spec: 'tail',
    height: lines.length * rowHeight,
    signals: { rows: lines.length, maxMs: short(maxMs), nameShare },
    data: {
      lines: {
        title: 'What is drawn, row by row',
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'row', header: '' },
          { field: 'name', header: 'row' },
          { field: 'text', header: 'figures' },
          { field: 'brief', header: '' },
        ],
        rows: lines,
      },
      bars: {
        title: 'The difference by part: from where to where each bar reaches',
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'part', header: 'part' },
          { field: 'row', header: '' },
          { field: 'fromMs', header: 'from, ms' },
          { field: 'toMs', header: 'to, ms' },
          { field: 'less', header: '' },
          { field: 'text', header: '' },
        ],
        rows: bars,
      },
      marks: {
        title: 'The quantile, and what it were without cold starts',
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'row', header: '' },
          { field: 'name', header: 'figure' },
          { field: 'ms', header: 'latency, ms' },
          { field: 'low', header: 'low, ms' },
          { field: 'high', header: 'high, ms' },
          { field: 'shape', header: '' },
          { field: 'text', header: '' },
        ],
        rows: marks,
      },
    },
  };
}
