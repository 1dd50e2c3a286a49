import { formatMs } from '../../base/numbers.ts';
import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import type { Tail } from '../../model/tail.ts';
import { figureWithInterval, formatCount } from '../format.ts';
import { partLabel, quantileLabel } from '../labels.ts';
import { short, type Value } from './chart.ts';

export type TailQuantile = Tail['quantile'];

/** Parts that make less of the difference are one row of a waterfall, and no column of a table. */
const LEAST_SHARE = 0.01;

export interface CellTail {
  index: number;
  cell: CellAnalysis;
  tail: Tail;
}

/** What the spec `tail` draws: lines of text, bars and marks, each of a row. */
export interface Drawn {
  lines: Value[][];
  bars: Value[][];
  marks: Value[][];
  rowHeight: number;
  /** Of the width, for the names of rows. */
  nameShare: number;
}

/** Whether a part makes enough of the difference to be told by itself. */
export const isTold = ({ share }: Tail['parts'][number]) =>
  Math.abs(share.value ?? 0) >= LEAST_SHARE;

/** A row a part: where it begins is where the one above it ends. */
export function waterfallOf({ index, cell, tail }: CellTail, quantile: TailQuantile): Drawn {
  const lines: Value[][] = [];
  const bars: Value[][] = [];
  const middleMs = tail.middleTotalMs ?? 0;
  const add = (
    part: Part | null,
    name: string,
    [text, brief]: readonly [string, string],
    fromMs: number,
    toMs: number,
  ) => {
    const row = lines.length;
    const key = part === null ? null : PARTS.indexOf(part);
    const [left, right] = fromMs < toMs ? [fromMs, toMs] : [toMs, fromMs];
    lines.push([index, row, name, text, brief]);
    bars.push([index, key, row, short(left), short(right), false, `${name} ${text}`]);
  };
  const sorted = [...tail.parts].sort((a, b) => b.differenceMs - a.differenceMs);
  const told = sorted.filter(isTold);
  const rest = sorted
    .filter((one) => !told.includes(one))
    .reduce((sum, { differenceMs }) => sum + differenceMs, 0);
  add(null, 'around the median', twice(formatMs(middleMs)), 0, middleMs);
  let at = middleMs;
  for (const { part, differenceMs, share } of told) {
    const text = `${signed(differenceMs)} · ${shareText(share)}`;
    const brief = `${signed(differenceMs)} · ${shareParts(share).value}`;
    add(part, partLabel(part, [cell.cell]), [text, brief], at, at + differenceMs);
    at += differenceMs;
  }
  if (told.length < sorted.length) {
    add(null, 'all other parts', twice(signed(rest)), at, at + rest);
  }
  const mean = formatMs(tail.tailTotalMs);
  const cold = tail.coldRequests === 0 ? 'none cold' : `${formatCount(tail.coldRequests)} cold`;
  const whole = [
    `${mean} · ${formatCount(tail.requests)} ${tail.requests === 1 ? 'request' : 'requests'}, ${cold}`,
    mean,
  ] as const;
  add(null, `above ${quantileLabel(quantile)}`, whole, 0, tail.tailTotalMs ?? 0);
  const own = cell.latency[quantile];
  const quantileText =
    tail.coldRequests > 0 && tail.withoutCold.value !== null
      ? ([
          `${formatMs(own.value)}, warm only ${figureWithInterval(tail.withoutCold)}`,
          `${formatMs(own.value)}, warm ${formatMs(tail.withoutCold.value)}`,
        ] as const)
      : ([figureWithInterval(own), formatMs(own.value)] as const);
  lines.push([index, lines.length, quantileLabel(quantile), ...quantileText]);
  return {
    lines,
    bars,
    marks: marksOf(index, lines.length - 1, cell, tail),
    rowHeight: 40,
    nameShare: 0.34,
  };
}

/** A row a cell: the mean around the median, then what each part adds; what is less hangs beneath. */
export function rowsOf(shown: readonly CellTail[], labels: readonly string[]): Drawn {
  const lines: Value[][] = [];
  const bars: Value[][] = [];
  const marks: Value[][] = [];
  shown.forEach(({ index, cell, tail }, row) => {
    const middleMs = tail.middleTotalMs ?? 0;
    const leading = tail.parts.find(({ part }) => part === tail.leading);
    const brief = leading
      ? ` · ${partLabel(leading.part, [cell.cell])} ${shareParts(leading.share).value}`
      : '';
    const why = leading
      ? ` · ${partLabel(leading.part, [cell.cell])} ${shareText(leading.share)}`
      : '';
    const mean = formatMs(tail.tailTotalMs);
    lines.push([index, row, labels[index] ?? '', `${mean}${why}`, `${mean}${brief}`]);
    bars.push([
      index,
      null,
      row,
      0,
      short(middleMs),
      false,
      `${labels[index]}: around the median ${formatMs(middleMs)}`,
    ]);
    let at = middleMs;
    const sorted = [...tail.parts].sort(
      (a, b) => Number(a.differenceMs < 0) - Number(b.differenceMs < 0),
    );
    for (const { part, differenceMs, share } of sorted) {
      if (differenceMs === 0) continue;
      const to = at + differenceMs;
      const text = `${labels[index]}: ${partLabel(part, [cell.cell])} ${signed(differenceMs)}, ${shareText(share)} of the difference`;
      bars.push([
        index,
        PARTS.indexOf(part),
        row,
        short(Math.min(at, to)),
        short(Math.max(at, to)),
        differenceMs < 0,
        text,
      ]);
      at = to;
    }
    marks.push(...marksOf(index, row, cell, tail));
  });
  return { lines, bars, marks, rowHeight: shown.length > 8 ? 34 : 42, nameShare: 0.5 };
}

/** A square at the quantile; a diamond at what it were without cold starts, where there were some. */
function marksOf(index: number, row: number, cell: CellAnalysis, tail: Tail): Value[][] {
  const own = cell.latency[tail.quantile];
  const name = quantileLabel(tail.quantile);
  const all: Value[][] = [];
  if (own.value !== null) {
    const text = `${name} ${figureWithInterval(own)}`;
    all.push([index, row, name, short(own.value), null, null, 'square', text]);
  }
  const { value, low, high } = tail.withoutCold;
  if (tail.coldRequests > 0 && value !== null) {
    const text = `${name} without cold starts ${figureWithInterval(tail.withoutCold)}`;
    const what = `${name} without cold starts`;
    all.push([index, row, what, short(value), short(low), short(high), 'diamond', text]);
  }
  return all;
}

/** A share of the difference, and its interval: `73% [71, 75]`, `1.4% [0.2, 2.6]`; empty where unknown. */
export function shareParts({ value, low, high }: Figure): { value: string; interval: string } {
  if (value === null) return { value: '–', interval: '' };
  const digits = Math.abs(value) >= 0.1 ? 0 : 1;
  const show = (share: number) =>
    (share * 100)
      .toFixed(digits)
      .replace(/^-(?=0(?:\.0)?$)/, '')
      .replace('-', '−');
  return {
    value: `${show(value)}%`,
    interval: low === null || high === null ? '' : `[${show(low)}, ${show(high)}]`,
  };
}

const shareText = (figure: Figure) => Object.values(shareParts(figure)).filter(Boolean).join(' ');

const twice = (text: string) => [text, text] as const;

const signed = (ms: number) => `${ms < 0 ? '−' : '+'}${formatMs(Math.abs(ms))}`;
