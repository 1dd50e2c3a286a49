import type { CellAnalysis } from '../../model/analysis.ts';
import { figureWithInterval } from '../format.ts';
import { type Chart, short, type Value } from './chart.ts';
import { logTicks } from './ticks.ts';

const COLUMNS = [
  { field: 'cell', header: 'cell' },
  { field: 'memoryMb', header: 'memory, MB' },
  { field: 'quantile', header: 'percentile' },
  { field: 'ms', header: 'latency, ms' },
  { field: 'low', header: 'low, ms' },
  { field: 'high', header: 'high, ms' },
  { field: 'series', header: '' },
  { field: 'text', header: '' },
  { field: 'isLast', header: '' },
];

/** p50 and p99 against memory; null unless cells that are otherwise equal differ in it. */
export function memoryChart(
  cells: readonly CellAnalysis[],
  labels: readonly string[],
): Chart | null {
  const series = new Map<string, { cell: CellAnalysis; index: number }[]>();
  cells.forEach((cell, index) => {
    if (cell.validity.state === 'void') return;
    const others = series.get(seriesOf(cell)) ?? [];
    series.set(seriesOf(cell), [...others, { cell, index }]);
  });
  const sweeps = [...series.values()].filter(
    (members) => new Set(members.map(({ cell }) => cell.cell.endpoint.memoryMb)).size > 1,
  );
  const rows = sweeps.flatMap((members, sweep) => {
    const largest = Math.max(...members.map(({ cell }) => cell.cell.endpoint.memoryMb));
    return members.flatMap(({ cell, index }) => rowsOf(cell, index, sweep, largest, labels[index]));
  });
  if (rows.length === 0) return null;
  const known = rows
    .flatMap((row) => [row[3], row[4], row[5]])
    .filter((v) => typeof v === 'number');
  const minMs = Math.min(...known) / 1.3;
  const maxMs = Math.max(...known) * 1.3;
  const sizes = [...new Set(rows.map((row) => Number(row[1])))];
  return {
    id: 'memory',
    spec: 'memory',
    height: 230,
    signals: {
      minMs: short(minMs),
      maxMs: short(maxMs),
      ticks: logTicks(minMs, maxMs, 8),
      sizeTicks: sizes,
    },
    data: { sizes: { title: 'Latency by memory', columns: COLUMNS, rows } },
  };
}

function rowsOf(
  cell: CellAnalysis,
  index: number,
  sweep: number,
  largest: number,
  label: string | undefined,
): Value[][] {
  const { memoryMb } = cell.cell.endpoint;
  return (['p50', 'p99'] as const).flatMap((quantile) => {
    const figure = cell.latency[quantile];
    if (figure.value === null || figure.value <= 0) return [];
    return [
      [
        index,
        memoryMb,
        quantile,
        short(figure.value),
        figure.low !== null && figure.low > 0 ? short(figure.low) : null,
        short(figure.high),
        sweep,
        `${label}: ${quantile} ${figureWithInterval(figure)}`,
        memoryMb === largest,
      ],
    ];
  });
}

/** What else a cell is, so that a line joins only what differs in memory. */
function seriesOf(cell: CellAnalysis): string {
  const { memoryMb: _memory, ...rest } = cell.cell.endpoint;
  return JSON.stringify([rest, cell.cell.profile]);
}
