import { formatMs, threeDigits } from '../../base/numbers.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import { type Chart, largest, short } from './chart.ts';

/** More cells are not legible: the table has them. */
export const MOST_CELLS = 16;
/** Operations that get a panel, those with the most calls. */
const MOST_OPERATIONS = 6;

/** Calls to the backend a request, a panel an operation, a bar a cell, all to one scale. */
export function backendCharts(
  cells: readonly CellAnalysis[],
): { operation: string; chart: Chart }[] {
  const most = largest(cells.flatMap(({ byOperation }) => byOperation.map(callsOf)));
  if (most === null || cells.length > MOST_CELLS) return [];
  const names = [...new Set(cells.flatMap((cell) => cell.byOperation.map((row) => row.operation)))];
  const mostOf = (name: string) => largest(cells.map((cell) => callsOf(rowOf(cell, name)))) ?? 0;
  return names
    .map((operation) => ({ operation, calls: mostOf(operation) }))
    .sort((a, b) => b.calls - a.calls)
    .slice(0, MOST_OPERATIONS)
    .map(({ operation }, panel) => ({
      operation,
      chart: {
        id: `backend-calls-${panel + 1}`,
        spec: 'backend-calls',
        height: cells.length * (cells.length > 8 ? 32 : 40),
        signals: { rows: cells.length, most: most * 1.02 },
        data: {
          calls: {
            title: `${operation}: calls to the backend`,
            columns: [
              { field: 'cell', header: 'cell' },
              { field: 'row', header: '' },
              { field: 'calls', header: 'mean calls a request' },
              { field: 'medianMs', header: 'median time in them, ms' },
              { field: 'text', header: '' },
            ],
            rows: cells.map((cell, index) => {
              const row = rowOf(cell, operation);
              const calls = callsOf(row);
              const ms = row?.medianBackendMs.value ?? null;
              const time = ms === null ? '' : ` · ${formatMs(ms)}`;
              const text = calls === null ? 'not traced' : `${callsText(calls)}${time}`;
              return [index, index, short(calls), short(ms), text];
            }),
          },
        },
      },
    }));
}

type Row = CellAnalysis['byOperation'][number];
const rowOf = (cell: CellAnalysis, name: string) =>
  cell.byOperation.find(({ operation }) => operation === name);
const callsOf = (row: Row | undefined) => row?.meanBackendCalls ?? null;

/** `1 call`, `10 calls`, `1.83 calls`. */
export function callsText(calls: number): string {
  const shown = Number.isInteger(calls) ? String(calls) : threeDigits(calls);
  return `${shown} ${calls === 1 ? 'call' : 'calls'}`;
}
