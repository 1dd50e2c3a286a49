import type { Figure } from '../../model/figure.ts';
import type { MemoryScaling, Scaled, ScaledQuantity } from '../../model/memory-scaling.ts';
import { figureWithInterval } from '../format.ts';
import { QUANTITY_NAMES } from '../memory-words.ts';
import { type Chart, largest, short, type Value } from './chart.ts';
import { linearTicks } from './ticks.ts';

/** Whether a call fits in a period is known of warm calls: p99 may be made of first ones. */
const OF_WARM_CALLS: ReadonlySet<Scaled> = new Set(['handler', 'backend', 'p50']);

/** One chart a quantity that has a figure anywhere, in the order of the analysis. */
export function memoryCharts(
  group: MemoryScaling,
  nth: number,
  indexes: ReadonlyMap<string, number>,
): { quantity: ScaledQuantity; chart: Chart }[] {
  return group.quantities
    .filter(({ points }) => points.some(({ figure }) => figure.value !== null))
    .map((quantity) => ({ quantity, chart: quantityChart(group, quantity, nth, indexes) }));
}

function quantityChart(
  group: MemoryScaling,
  { quantity, points, kind, fit }: ScaledQuantity,
  nth: number,
  indexes: ReadonlyMap<string, number>,
): Chart {
  const name = QUANTITY_NAMES[quantity].label;
  const sizes = group.sizes.map(({ memoryMb }) => memoryMb);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  // Room for half a label beyond the outer sizes.
  const room = Math.max(1.15, (most / least) ** 0.09);
  const [fromMb, toMb] = [least / room, most * room];
  const axis = axisOf(
    points.map(({ figure }) => figure),
    kind === 'fit' ? (fit?.curve.map(({ ms }) => ms) ?? []) : [],
  );
  const rows: Value[][] = points.flatMap(({ memoryMb, cellId, figure }) =>
    figure.value === null
      ? []
      : [
          [
            indexes.get(cellId) ?? null,
            memoryMb,
            short(figure.value),
            short(figure.low),
            short(figure.high),
            `${memoryMb} MB: ${name} ${figureWithInterval(figure)}`,
          ],
        ],
  );
  return {
    id: `memory-${nth}-${quantity.replace('_', '-')}`,
    spec: 'memory',
    height: 130,
    signals: { ...axis, fromMb: short(fromMb), toMb: short(toMb), sizeTicks: sizes },
    data: {
      points: {
        title: `${name} by memory`,
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'memoryMb', header: 'memory, MB' },
          { field: 'ms', header: `${name}, ms` },
          { field: 'low', header: 'low, ms' },
          { field: 'high', header: 'high, ms' },
          { field: 'text', header: '' },
        ],
        rows,
      },
      curve: {
        title: `${name}: the fitted curve`,
        columns: [
          { field: 'memoryMb', header: 'memory, MB' },
          { field: 'ms', header: 'fitted, ms' },
        ],
        rows:
          kind === 'fit' && fit !== null
            ? fit.curve.map((point) => [short(point.memoryMb), short(point.ms)])
            : [],
      },
      fits: {
        title: 'Sizes at which one call fits in the quota of a period',
        columns: [
          { field: 'leftMb', header: 'from, MB' },
          { field: 'rightMb', header: 'to, MB' },
          { field: 'text', header: '' },
        ],
        rows:
          kind === 'staircase' && OF_WARM_CALLS.has(quantity)
            ? fittingRows(group, fromMb, toMb)
            : [],
      },
    },
  };
}

/** From between the largest size that does not fit and the smallest that does, to the right edge. */
function fittingRows({ sizes }: MemoryScaling, fromMb: number, toMb: number): Value[][] {
  const first = sizes.findIndex(({ fitsInPeriod }) => fitsInPeriod === true);
  if (first === -1) return [];
  const [before, at] = [sizes[first - 1]?.memoryMb, sizes[first]?.memoryMb ?? fromMb];
  const left = before === undefined ? fromMb : Math.sqrt(before * at);
  return [[short(left), short(toMb), 'a call fits in one period']];
}

/** From zero, or from what lies below it; an interval of few rounds is cut at twice the largest value. */
function axisOf(figures: readonly Figure[], curve: readonly number[]) {
  const values = [...figures.map(({ value }) => value), ...curve];
  const most = largest(values) ?? 1;
  const high = Math.min(largest(figures.map((figure) => figure.high)) ?? most, most * 2);
  const least = Math.min(0, ...values.map((value) => value ?? 0));
  const toMs = Math.max(most, high) * 1.1;
  return { fromMs: short(least * 1.3), toMs: short(toMs), ticks: linearTicks(toMs, 4) };
}
