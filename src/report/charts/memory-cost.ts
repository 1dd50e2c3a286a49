import type { CellAnalysis } from '../../model/analysis.ts';
import type { Figure } from '../../model/figure.ts';
import type { MemoryScaling } from '../../model/memory-scaling.ts';
import { figureWithInterval } from '../format.ts';
import { type Chart, largest, short, smallest, type Value } from './chart.ts';
import { HEIGHT, LABEL, LEAST_WIDTH, placeLabels } from './memory-cost-labels.ts';

interface Size {
  size: MemoryScaling['sizes'][number];
  cell: number;
  usd: Figure & { value: number };
  ms: Figure & { value: number };
}

/** Sizes by cost and latency; null where fewer than two have both. */
export function memoryCostChart(
  group: MemoryScaling,
  nth: number,
  indexes: ReadonlyMap<string, number>,
  cells: readonly CellAnalysis[],
): Chart | null {
  const shown = group.sizes.flatMap((size): Size[] => {
    const cell = indexes.get(size.cellId);
    const latency = cells[cell ?? -1]?.latency[group.rankedBy];
    if (cell === undefined || !hasValue(latency) || !hasValue(size.costUsd)) return [];
    return [{ size, cell, usd: size.costUsd, ms: latency }];
  });
  if (shown.length < 2) return null;
  const usd = axisOf(
    shown.map((one) => one.usd),
    LABEL.width / LEAST_WIDTH,
  );
  const ms = axisOf(shown.map((one) => one.ms));
  const labels = placeLabels(
    shown.map((one) => ({
      x: ((one.usd.value - usd.from) / (usd.to - usd.from)) * LEAST_WIDTH,
      y: (1 - (one.ms.value - ms.from) / (ms.to - ms.from)) * HEIGHT,
    })),
  );
  const rows: Value[][] = shown.map((one, i) => {
    const at = labels[i] ?? { x: 0, y: 0 };
    return [
      one.cell,
      one.size.memoryMb,
      short(one.usd.value),
      short(one.usd.low),
      short(one.usd.high),
      short(one.ms.value),
      short(one.ms.low),
      short(one.ms.high),
      efficiencyText(one.size),
      `${one.size.memoryMb} MB`,
      one.size.efficient === false,
      ms.from + (1 - at.y / HEIGHT) * (ms.to - ms.from),
      `${one.size.memoryMb} MB: ${figureWithInterval(one.usd)} per million, ${group.rankedBy} ${figureWithInterval(one.ms)}, ${efficiencyText(one.size)}`,
    ];
  });
  const front = frontOf(shown);
  return {
    id: `memory-cost-${nth}`,
    spec: 'memory-cost',
    height: HEIGHT,
    signals: {
      fromUsd: usd.from,
      toUsd: usd.to,
      usdTicks: ticksBetween(usd.from, usd.to, 5),
      fromMs: ms.from,
      toMs: ms.to,
      ticks: ticksBetween(ms.from, ms.to, 5),
    },
    data: {
      sizes: {
        title: `Cost per million requests and ${group.rankedBy} by memory`,
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'memoryMb', header: 'memory, MB' },
          { field: 'usd', header: 'per million, $' },
          { field: 'lowUsd', header: 'low, $' },
          { field: 'highUsd', header: 'high, $' },
          { field: 'ms', header: `${group.rankedBy}, ms` },
          { field: 'lowMs', header: 'low, ms' },
          { field: 'highMs', header: 'high, ms' },
          { field: 'efficient', header: 'front' },
          { field: 'name', header: '' },
          { field: 'pale', header: '' },
          { field: 'labelMs', header: '' },
          { field: 'text', header: '' },
        ],
        rows,
      },
      front: {
        title: 'The efficient front',
        columns: [
          { field: 'usd', header: 'per million, $' },
          { field: 'ms', header: `${group.rankedBy}, ms` },
        ],
        rows: front.map((one) => [short(one.usd.value), short(one.ms.value)]),
      },
    },
  };
}

/** Of the efficient sizes those that no cheaper one beats by its value: a line that only falls. */
function frontOf(sizes: readonly Size[]): Size[] {
  const ascending = sizes
    .filter(({ size }) => size.efficient === true)
    .sort((a, b) => a.usd.value - b.usd.value);
  let least = Number.POSITIVE_INFINITY;
  return ascending.filter(({ ms }) => {
    const isLower = ms.value < least;
    least = Math.min(least, ms.value);
    return isLower;
  });
}

/** `efficient`, `dominated by 1024 MB`, `not known`. */
export function efficiencyText({
  efficient,
  dominatedByMb,
}: MemoryScaling['sizes'][number]): string {
  if (efficient === null) return 'not known';
  if (efficient) return 'efficient';
  return dominatedByMb === null ? 'dominated' : `dominated by ${dominatedByMb} MB`;
}

/** `2048 MB is dominated by 1769 MB`; empty where no size is shown to be. */
export function dominatedText(group: MemoryScaling): string {
  const dominated = group.sizes.filter(({ efficient }) => efficient === false);
  return dominated.map((size) => `${size.memoryMb} MB is ${efficiencyText(size)}`).join(', ');
}

const hasValue = (figure: Figure | undefined): figure is Figure & { value: number } =>
  figure !== undefined && figure.value !== null && figure.value > 0;

/** Room around what is drawn; an interval of few rounds is cut at half and at twice the values. */
function axisOf(figures: readonly (Figure & { value: number })[], right = 0) {
  const values = figures.map(({ value }) => value);
  const [least, most] = [smallest(values) ?? 1, largest(values) ?? 1];
  const low = Math.max(smallest(figures.map((figure) => figure.low)) ?? least, least / 2);
  const high = Math.min(largest(figures.map((figure) => figure.high)) ?? most, most * 2);
  const room = Math.max((high - low) * 0.16, most * 0.02);
  return {
    from: short(Math.max(0, Math.min(low, least) - room)),
    to: short(Math.max(high, most + right * (high - low)) + room),
  };
}

/** At most some ticks in steps of 1, 2 or 5 times a power of ten. */
function ticksBetween(from: number, to: number, most: number): number[] {
  const span = to - from;
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = [1, 2, 5, 10].map((times) => times * power).find((s) => span / s <= most) ?? span;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(6)),
  );
}
