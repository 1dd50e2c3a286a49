import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { rankingQuantile } from '../../model/common-quantile.ts';
import { figureWithInterval } from '../format.ts';
import { type Chart, largest, short, smallest, type Value } from './chart.ts';
import { logTicks } from './ticks.ts';

/** Beyond this many points a page, curves are thinned evenly along the tail axis. */
const MAX_POINTS = 15_000;
/** Beyond this many cells one trial stands for each, and intervals show on demand. */
export const CROWDED = 6;
const MARKED = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
] as const;

/** Latency by percentile. The axis is 1 ÷ (1 − q), so that every nine takes the same room. */
export function percentileChart(cells: readonly CellAnalysis[], labels: readonly string[]): Chart {
  const crowded = cells.length > CROWDED;
  const ranking = rankingQuantile(cells);
  const shown = cells.map((cell) => (crowded ? typical(cell, ranking) : cell.curves));
  const curves = shown.reduce((sum, list) => sum + list.length, 0);
  const perCurve = Math.max(20, Math.floor(MAX_POINTS / Math.max(1, curves)));
  const rows: Value[][] = [];
  let tailMax = 100;
  cells.forEach((cell, index) => {
    const most = Math.max(2, cell.holdRequests / Math.max(1, cell.curves.length));
    for (const { trial, points } of shown[index] ?? []) {
      for (const { quantile, ms } of thinned(points, perCurve)) {
        // The maximum stands half a rank before 1: beyond it nothing was measured.
        const q = Math.min(quantile, 1 - 0.5 / most);
        tailMax = Math.max(tailMax, tail(q));
        if (ms > 0) rows.push([index, trial, short(quantile * 100), short(ms), short(tail(q))]);
      }
    }
  });
  const intervals: Value[][] = cells.flatMap((cell, index) =>
    MARKED.flatMap(([name, q]) => {
      const figure: Figure = cell.latency[name];
      if (figure.value === null || figure.value <= 0 || tail(q) > tailMax) return [];
      return [
        [
          index,
          short(q * 100),
          short(figure.value),
          figure.low !== null && figure.low > 0 ? short(figure.low) : null,
          short(figure.high),
          short(tail(q) * shift(index, cells.length)),
          `${labels[index]}: p${short(q * 100)} ${figureWithInterval(figure)}`,
        ],
      ];
    }),
  );
  return {
    id: 'percentiles',
    spec: 'percentiles',
    height: 340,
    signals: { crowded, tailMax: tailMax * 1.05, ...scaleOf(rows, intervals) },
    data: {
      intervals: {
        title: 'Percentiles over trials, with 95% intervals',
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'percentile', header: 'percentile' },
          { field: 'ms', header: 'latency, ms' },
          { field: 'low', header: 'low, ms' },
          { field: 'high', header: 'high, ms' },
          { field: 'tail', header: '' },
          { field: 'text', header: '' },
        ],
        rows: intervals,
      },
      curve: {
        title: 'Latency by percentile',
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'trial', header: 'trial' },
          { field: 'percentile', header: 'percentile' },
          { field: 'ms', header: 'latency, ms' },
          { field: 'tail', header: '' },
        ],
        rows,
      },
    },
  };
}

/** The trial whose p99, or what percentile all cells have, is nearest to the cell's; the first of none. */
function typical(
  cell: CellAnalysis,
  { name, quantile }: ReturnType<typeof rankingQuantile>,
): CellAnalysis['curves'] {
  const { value } = cell.latency[name];
  if (value === null || value <= 0) return cell.curves.slice(0, 1);
  const target = Math.log(value);
  const distance = ({ points }: CellAnalysis['curves'][number]) => {
    const at = points.find((point) => point.quantile >= quantile) ?? points.at(-1);
    return at && at.ms > 0 ? Math.abs(Math.log(at.ms) - target) : Number.POSITIVE_INFINITY;
  };
  return [...cell.curves].sort((a, b) => distance(a) - distance(b)).slice(0, 1);
}

/**
 * The y axis: from the fastest request to the slowest, and the intervals, of which at most a power of
 * ten beyond either end; what is longer is cut there, and its ends are in the tables.
 */
function scaleOf(rows: readonly Value[][], intervals: readonly Value[][]) {
  const numbers = (of: readonly Value[][], column: number) =>
    of.map((row) => row[column] ?? null).filter((v) => typeof v === 'number');
  const values = [...numbers(rows, 3), ...numbers(intervals, 2)];
  const slowest = largest(values) ?? 10;
  const fastest = smallest(values) ?? 1;
  const low = Math.max(smallest(numbers(intervals, 3)) ?? fastest, fastest / 10);
  const high = Math.min(largest(numbers(intervals, 4)) ?? slowest, slowest * 10);
  const minMs = Math.min(fastest, low) / 1.1;
  const maxMs = Math.max(Math.max(slowest, high) * 1.15, minMs * 2);
  return { minMs: short(minMs), maxMs: short(maxMs), ticks: logTicks(minMs, maxMs, 12) };
}

const tail = (quantile: number) => 1 / (1 - quantile);

/** Intervals of few cells stand side by side, not on top of each other. */
function shift(index: number, count: number): number {
  return count > CROWDED ? 1 : 1.05 ** (index - (count - 1) / 2);
}

function thinned<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  return Array.from(
    { length: most },
    (_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))] as T,
  );
}
