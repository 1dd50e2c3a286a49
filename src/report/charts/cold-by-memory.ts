import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { FACTORS, levelOf } from '../../model/endpoint.ts';
import { figureWithInterval } from '../format.ts';
import { type Chart, largest, short, type Value } from './chart.ts';

/** Beyond this many lines a panel is a thicket: the table has them all. */
const MOST_GROUPS = 6;

type Time = 'medianInitMs' | 'firstCallMs' | 'warmCallMs' | 'connectionMs' | 'penaltyMs';

/** What is drawn, a panel each; a second time is drawn hollow. */
const COLD_PANELS: readonly { id: string; title: string; times: readonly Time[] }[] = [
  { id: 'init', title: 'Init', times: ['medianInitMs'] },
  { id: 'call', title: 'Handler call', times: ['firstCallMs', 'warmCallMs'] },
  { id: 'connection', title: 'Connection set-up', times: ['connectionMs'] },
  { id: 'penalty', title: 'Whole penalty', times: ['penaltyMs'] },
];

/** A chart a panel over memory; none where cells do not differ in it or too many lines would cross. */
export function coldByMemoryCharts(
  cells: readonly CellAnalysis[],
  labels: readonly string[],
): { panel: (typeof COLD_PANELS)[number]; chart: Chart }[] {
  const known = cells.flatMap(({ cell }) => cell.endpoint.memoryMb ?? []);
  const sizes = [...new Set(known)].sort((a, b) => a - b);
  const groups = new Set(cells.map(groupOf));
  const [least, most] = [sizes[0] ?? 1, sizes.at(-1) ?? 1];
  if (sizes.length < 2 || groups.size > MOST_GROUPS || groups.size === cells.length) return [];
  return COLD_PANELS.flatMap((panel) => {
    const points = panel.times.flatMap((time, i) =>
      cells.map((cell, index): Value[] => {
        const figure: Figure = cell.coldStarts[time];
        return [
          index,
          cell.cell.endpoint.memoryMb,
          { firstCallMs: 'first call', warmCallMs: 'later calls' }[time as string] ??
            panel.title.toLowerCase(),
          short(figure.value),
          short(figure.low),
          short(figure.high),
          groupOf(cell),
          i === 0,
          `${labels[index]}: ${figureWithInterval(figure)}`,
        ];
      }),
    );
    const numbers = (column: number) =>
      points.map((row) => row[column] ?? null).filter((value) => typeof value === 'number');
    if (numbers(3).length === 0) return [];
    // An interval of few rounds may be many times its value: what is longer is cut, and in the table.
    const maxMs = Math.max(
      largest(numbers(3)) ?? 1,
      Math.min(largest(numbers(5)) ?? 0, (largest(numbers(3)) ?? 1) * 2),
    );
    const minMs = Math.min(0, ...numbers(3), Math.max(Math.min(0, ...numbers(4)), -maxMs));
    const chart: Chart = {
      id: `cold-memory-${panel.id}`,
      spec: 'cold-by-memory',
      height: 150,
      signals: {
        minMb: least / 1.12,
        maxMb: most * 1.12,
        sizes,
        minMs: short(minMs * 1.05),
        maxMs: short(maxMs * 1.05),
      },
      data: {
        points: {
          title: `${panel.title} by memory`,
          columns: [
            { field: 'cell', header: 'cell' },
            { field: 'memoryMb', header: 'memory, MB' },
            { field: 'series', header: 'time' },
            { field: 'ms', header: 'median, ms' },
            { field: 'low', header: 'low, ms' },
            { field: 'high', header: 'high, ms' },
            { field: 'group', header: '' },
            { field: 'filled', header: '' },
            { field: 'text', header: '' },
          ],
          rows: points,
        },
      },
    };
    return [{ panel, chart }];
  });
}

/** Cells of a group differ in memory alone. */
function groupOf({ cell: { endpoint, profile } }: CellAnalysis): string {
  const others = FACTORS.filter((factor) => factor !== 'memoryMb');
  return [...others.map((factor) => levelOf(endpoint, factor)), profile.kind].join(' ');
}
