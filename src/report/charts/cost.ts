import { formatShare } from '../../base/numbers.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { CostItem } from '../../model/cost.ts';
import type { Part } from '../../model/tables.ts';
import { partColour } from '../colours.ts';
import { figureText, figureWithInterval } from '../format.ts';
import { type Chart, largest, short, type Value } from './chart.ts';

/** More cells are not legible: the table has them. */
export const MOST_BILLS = 16;

/** Items of a bill, for people, with the colour of the part of a request that they pay for. */
export const ITEM_NAMES: Record<CostItem, { label: string; part: Part }> = {
  requests: { label: 'requests', part: 'placement' },
  compute: { label: 'compute', part: 'handler' },
  init: { label: 'billed init', part: 'init' },
  provisioned: { label: 'provisioned concurrency', part: 'client' },
  gateway: { label: 'gateway', part: 'front' },
  database: { label: 'database', part: 'backend' },
  xray: { label: 'X-Ray', part: 'overhead' },
  logs: { label: 'logs', part: 'unexplained' },
  transfer: { label: 'transfer', part: 'network' },
};

/** A bar a cell, stacked by item; null where no cell has a cost or they are too many. */
export function costChart(cells: readonly CellAnalysis[]): Chart | null {
  const most = largest(cells.flatMap(({ cost }) => [cost.total.value, cost.total.high]));
  if (most === null || cells.length > MOST_BILLS) return null;
  const items: Value[][] = [];
  const totals: Value[][] = [];
  cells.forEach((cell, index) => {
    const { total } = cell.cost;
    totals.push([
      index,
      index,
      short(total.value),
      short(total.low),
      short(total.high),
      figureWithInterval(total),
    ]);
    let fromUsd = 0;
    for (const { item, usd } of cell.cost.items) {
      if (usd.value === null || !(usd.value > 0)) continue;
      const { label, part } = ITEM_NAMES[item];
      const share = usd.value / (total.value ?? usd.value);
      items.push([
        index,
        label,
        short(usd.value),
        short(share * 100),
        index,
        short(fromUsd),
        short(fromUsd + usd.value),
        partColour(part),
        `${label} ${figureText(usd)}, ${formatShare(share)} of ${figureText(total)}`,
      ]);
      fromUsd += usd.value;
    }
  });
  return {
    id: 'cost-items',
    spec: 'cost',
    height: cells.length * (cells.length > 8 ? 34 : 44),
    signals: { rows: cells.length, toUsd: short(most * 1.02) },
    data: {
      items: {
        title: 'Cost per million requests by item',
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'name', header: 'item' },
          { field: 'usd', header: 'per million, $' },
          { field: 'share', header: 'share, %' },
          { field: 'row', header: '' },
          { field: 'fromUsd', header: '' },
          { field: 'endUsd', header: '' },
          { field: 'fill', header: '' },
          { field: 'text', header: '' },
        ],
        rows: items,
      },
      totals: {
        title: 'Cost per million requests',
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'row', header: '' },
          { field: 'usd', header: 'per million, $' },
          { field: 'low', header: 'low, $' },
          { field: 'high', header: 'high, $' },
          { field: 'text', header: '' },
        ],
        rows: totals,
      },
    },
  };
}
