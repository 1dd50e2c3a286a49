import { formatMs } from '../../base/numbers.ts';
import type { CellAnalysis, Comparison } from '../../model/analysis.ts';
import { levelText } from '../../model/cell-names.ts';
import { type TailName, tailOf } from '../comparison-rows.ts';
import { figureWithInterval } from '../format.ts';
import { type Chart, largest, short, smallest, type Value } from './chart.ts';
import { linearTicks, logTicks } from './ticks.ts';

/** More are not legible side by side: the table has them. */
export const MOST_LEVELS = 16;
export const MOST_PANELS = 12;
/** Beyond this ratio of the greatest to the least the axis is logarithmic. */
const LOG_ABOVE = 10;

export function isDrawn({ panels }: Comparison): boolean {
  return (
    panels.length <= MOST_PANELS && panels.every(({ members }) => members.length <= MOST_LEVELS)
  );
}

/** One chart a panel, all with the same axis; null where no cell of the comparison has a figure. */
export function comparisonCharts(
  comparison: Comparison,
  cells: readonly CellAnalysis[],
): { charts: Chart[]; isLog: boolean; tail: TailName } | null {
  const indexes = new Map(cells.map(({ cell }, index) => [cell.id, index]));
  const ids = comparison.panels.flatMap(({ members }) => members.map(({ cellId }) => cellId));
  const shown = ids.flatMap((id) => cells[indexes.get(id) ?? -1] ?? []);
  const tail = tailOf(shown);
  const values = shown.flatMap(({ latency }) =>
    [latency.p50, latency[tail]].flatMap(({ value }) =>
      value !== null && value > 0 ? [value] : [],
    ),
  );
  const [least, most] = [smallest(values), largest(values)];
  if (least === null || most === null) return null;
  const isLog = most / least > LOG_ABOVE;
  const ends = shown.flatMap(({ latency }) => [latency.p50, latency[tail]]);
  // An interval of few rounds may span powers of ten; beyond a factor of three it is cut.
  const low = Math.max(smallest(ends.map((figure) => figure.low)) ?? least, least / 3);
  const high = Math.min(largest(ends.map((figure) => figure.high)) ?? most, most * 3);
  const minMs = Math.min(least, low) / 1.15;
  const maxMs = Math.max(most, high) * 1.06;
  const place = (ms: number | null) => (ms === null ? null : short(isLog ? Math.log10(ms) : ms));
  const signals = {
    isLog,
    fromAt: isLog ? Math.log10(minMs) : 0,
    toAt: isLog ? Math.log10(maxMs) : maxMs,
    ticks: isLog ? logTicks(minMs, maxMs, 6).map((ms) => Math.log10(ms)) : linearTicks(maxMs, 5),
  };
  const charts = comparison.panels.map(({ label, members }, panel) => {
    const figures: Value[][] = [];
    const levels: Value[][] = [];
    members.forEach(({ level, cellId }, row) => {
      const index = indexes.get(cellId);
      const cell = cells[index ?? -1];
      if (index === undefined || cell === undefined) return;
      const name = levelText(comparison.factor, level);
      const isVoid = cell.validity.state === 'void';
      for (const quantile of ['p50', tail] as const) {
        const { value, low: from, high: to } = cell.latency[quantile];
        if (value === null || value <= 0) continue;
        const known = from !== null && from > 0;
        figures.push([
          index,
          name,
          quantile,
          short(value),
          known ? short(from) : null,
          short(to),
          row,
          place(value),
          known ? place(Math.max(from, minMs)) : null,
          place(to),
          `${name}: ${quantile} ${figureWithInterval(cell.latency[quantile])}`,
        ]);
      }
      const { p50, [tail]: high } = cell.latency;
      const text = `p50 ${formatMs(p50.value)} · ${tail} ${formatMs(high.value)}`;
      levels.push([index, row, isVoid ? `${name} (void)` : name, text]);
    });
    const rows = members.length;
    return {
      id: `compared-${comparison.factor}-${panel + 1}`,
      spec: 'comparison',
      height: rows * (rows > 8 ? 36 : 44),
      signals: { rows, ...signals },
      data: {
        figures: {
          title: `p50 and ${tail}${label === '' ? '' : `, ${label}`}`,
          columns: [
            { field: 'cell', header: '' },
            { field: 'name', header: 'level' },
            { field: 'quantile', header: 'percentile' },
            { field: 'ms', header: 'latency, ms' },
            { field: 'low', header: 'low, ms' },
            { field: 'high', header: 'high, ms' },
            { field: 'row', header: '' },
            { field: 'place', header: '' },
            { field: 'lowAt', header: '' },
            { field: 'highAt', header: '' },
            { field: 'text', header: '' },
          ],
          rows: figures,
        },
        levels: {
          title: '',
          columns: [
            { field: 'cell', header: '' },
            { field: 'row', header: '' },
            { field: 'level', header: '' },
            { field: 'text', header: '' },
          ],
          rows: levels,
        },
      },
    };
  });
  return { charts, isLog, tail };
}
