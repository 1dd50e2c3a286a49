import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { isColdKnown } from '../findings.ts';
import { figureWithInterval, formatCount } from '../format.ts';
import { type Chart, largest, short } from './chart.ts';
import { thinned } from './thin.ts';

/** Dots drawn a cell, and in all; the figures rest on all requests. */
const MAX_DOTS = 240;
const MAX_ALL_DOTS = 3000;

export interface ColdCharts {
  init: Chart;
  total: Chart;
  /** Dots in each of both, of all cold requests. */
  drawn: number;
  requests: number;
}

/** Two charts, of init and of the whole latency of cold requests; null where none was cold. */
export function coldCharts(cells: readonly CellAnalysis[]): ColdCharts | null {
  if (!cells.some((cell) => cell.coldStarts.samples.length > 0)) return null;
  return {
    init: coldChart('cold-init', 'Init', cells, 'initMs', 'medianInitMs'),
    total: coldChart('cold-total', 'Latency', cells, 'totalMs', 'medianTotalMs'),
    drawn: cells.reduce(
      (sum, cell) => sum + Math.min(mostDots(cells), cell.coldStarts.samples.length),
      0,
    ),
    requests: cells.reduce((sum, cell) => sum + cell.coldStarts.requests, 0),
  };
}

const mostDots = (cells: readonly CellAnalysis[]) =>
  Math.min(MAX_DOTS, Math.ceil(MAX_ALL_DOTS / cells.length));

function coldChart(
  id: string,
  what: string,
  cells: readonly CellAnalysis[],
  field: 'initMs' | 'totalMs',
  median: 'medianInitMs' | 'medianTotalMs',
): Chart {
  const most = mostDots(cells);
  const values = cells.flatMap((cell) => cell.coldStarts.samples.map((sample) => sample[field]));
  const slowest = largest(values) ?? 1;
  const highest = largest(cells.map((cell) => cell.coldStarts[median].high)) ?? 0;
  return {
    id,
    spec: 'cold-starts',
    height: cells.length * (cells.length > 8 ? 40 : 56),
    signals: {
      rows: cells.length,
      maxMs: short(Math.max(slowest, Math.min(highest, slowest * 1.5)) * 1.02),
    },
    data: {
      medians: {
        title: `${what} of cold requests: medians with 95% intervals`,
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'row', header: '' },
          { field: 'ms', header: 'median, ms' },
          { field: 'low', header: 'low, ms' },
          { field: 'high', header: 'high, ms' },
          { field: 'requests', header: 'cold requests' },
          { field: 'text', header: '' },
        ],
        rows: cells.map((cell, index) => {
          const figure: Figure = cell.coldStarts[median];
          const count = cell.coldStarts.requests;
          const none = isColdKnown({ cell }) ? 'none' : 'not known';
          const text = count === 0 ? none : `${figureWithInterval(figure)} · ${formatCount(count)}`;
          return [
            index,
            index,
            short(figure.value),
            short(figure.low),
            short(figure.high),
            count,
            text,
          ];
        }),
      },
      requests: {
        title: `${what} of cold requests${cells.some((cell) => cell.coldStarts.requests > most) ? ': of each cell the slowest and an even choice of the others' : ''}`,
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'trial', header: 'trial' },
          { field: 'ms', header: `${what.toLowerCase()}, ms` },
          { field: 'row', header: '' },
          { field: 'spread', header: '' },
        ],
        rows: cells.flatMap((cell, index) =>
          thinned(cell.coldStarts.samples, most, (sample) => sample[field]).map((sample, i) => [
            index,
            sample.trial,
            short(sample[field]),
            index,
            // The golden ratio's multiples spread any number of dots evenly, the same way each time.
            Math.round(((i * 0.618034) % 1) * 100) / 100,
          ]),
        ),
      },
    },
  };
}
