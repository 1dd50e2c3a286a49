import type { GateRow } from '../../model/gate.ts';
import { figureText } from '../format.ts';
import { inPercent } from '../gate-words.ts';
import {
  changeIntervalText,
  changeText,
  rowName,
  toleranceText,
  VERDICT_WORDS,
} from '../verdict/words.ts';
import { type Chart, short, type Value } from './chart.ts';

/** Rows that share an axis: changes in percent, differences in points, budgets in shares of the limit. */
export const GATE_AXES = {
  change: 'Change from base to head',
  difference: 'Difference of head and base, in percentage points',
  budget: 'Head as a share of its limit',
} as const;
export type GateAxis = keyof typeof GATE_AXES;

/** Height of a row, whose upper half is text. */
const ROW_HEIGHT = 46;
/** An interval of few pairs may be many times its value; beyond this factor it is cut. */
const CUT_BEYOND = 3;
/** Singly drawn pairs; of more the figure and its interval stand for them. */
const MOST_DOTS = 60;

const axisOf = ({ kind }: GateRow): GateAxis =>
  kind === 'budget' || kind === 'difference' ? kind : 'change';

/** Rows that were tested, but that nothing fails on either side needs no picture. */
function isDrawn({ change, kind, values }: GateRow): boolean {
  if (kind === 'exact' || change === null || !Number.isFinite(change.value)) return false;
  return kind !== 'difference' || values.some(([, base, head]) => head !== 0 || base !== 0);
}

/** The axes of a cell's rows, each a chart; `all` are the rows of every cell: they share the scale. */
export function gateCharts(
  rows: readonly GateRow[],
  all: readonly GateRow[],
  nth: number,
): { axis: GateAxis; chart: Chart }[] {
  return (Object.keys(GATE_AXES) as GateAxis[]).flatMap((axis) => {
    const own = rows.filter((row) => axisOf(row) === axis && isDrawn(row));
    if (own.length === 0) return [];
    const ends = endsOf(all.filter((row) => axisOf(row) === axis && isDrawn(row)));
    return [{ axis, chart: chartOf(own, `gate-${nth}-${axis}`, axis, ends) }];
  });
}

interface Ends {
  from: number;
  to: number;
}

/** From the least to the greatest of all that is drawn, zero (or the limit) among it. */
function endsOf(rows: readonly GateRow[]): Ends {
  const firm = rows.flatMap((row) => [
    0,
    inPercent(row.change?.value ?? 0, row),
    limitOf(row),
    ...dotsOf(row).map(([, percent]) => percent),
  ]);
  const reach = CUT_BEYOND * Math.max(...firm.map(Math.abs), 0.1);
  const loose = rows.flatMap(({ change, ...row }) =>
    [change?.low, change?.high].flatMap((end) =>
      end == null ? [] : [inPercent(end, { change, ...row })],
    ),
  );
  const values = [...firm, ...loose.filter((percent) => Math.abs(percent) <= reach)];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.05;
  return { from: least < 0 ? least - room : least, to: most + room };
}

const limitOf = ({ kind, tolerance }: GateRow) => (kind === 'budget' ? 100 : tolerance * 100);

/** [round, percent] of each pair. */
function dotsOf(row: GateRow): [number, number][] {
  return row.values.slice(-MOST_DOTS).flatMap(([round, base, head]): [number, number][] => {
    if (row.kind === 'budget') return [[round, inPercent(head, row)]];
    if (base === null || (row.kind === 'ratio' && base <= 0)) return [];
    return [[round, inPercent(row.kind === 'difference' ? head - base : head / base, row)]];
  });
}

function chartOf(rows: readonly GateRow[], id: string, axis: GateAxis, { from, to }: Ends): Chart {
  const lines: Value[][] = [];
  const changes: Value[][] = [];
  const pairs: Value[][] = [];
  rows.forEach((row, at) => {
    const { change, verdict } = row;
    if (change === null) return;
    const percent = (value: number) => short(inPercent(value, row));
    const inside = (value: number) => Math.min(Math.max(value, from), to);
    const [low, high] = [change.low, change.high].map((end) =>
      end === null ? null : percent(end),
    );
    const figures = textOf(row);
    const word = VERDICT_WORDS[verdict];
    const [name, limit] = [rowName(row), limitOf(row)];
    lines.push([at, name, `${figures} · ${word}`, `${changeBrief(row)} · ${word}`, short(limit)]);
    const text = `${name}: ${figures}, tolerated ${toleranceText(row)}, ${word}`;
    const known = low != null || high != null;
    changes.push([
      at,
      name,
      percent(change.value),
      low ?? null,
      high ?? null,
      short(limit),
      verdict,
      known ? inside(low ?? from) : null,
      known ? inside(high ?? to) : null,
      text,
    ]);
    for (const [round, value] of dotsOf(row)) {
      pairs.push([at, name, round, short(value), `${name}, round ${round}: ${short(value)}%`]);
    }
  });
  const unit = axis === 'difference' ? 'points' : '%';
  return {
    id,
    spec: 'gate',
    height: lines.length * ROW_HEIGHT,
    signals: {
      rows: lines.length,
      fromAt: short(from),
      toAt: short(to),
      signed: axis !== 'budget',
      unit: axis === 'difference' ? '' : '%',
    },
    data: {
      lines: {
        title: 'Rows',
        columns: columns('row', 'name=row', 'text=figures', 'brief', 'limit'),
        rows: lines,
      },
      changes: {
        title: `${GATE_AXES[axis]}, with the interval that holds at every look`,
        columns: columns(
          'row',
          'name=row',
          `percent=change, ${unit}`,
          `low=low, ${unit}`,
          `high=high, ${unit}`,
          `limit=tolerance, ${unit}`,
          'verdict=verdict',
          'lowAt',
          'highAt',
          'text',
        ),
        rows: changes,
      },
      pairs: {
        title: `${GATE_AXES[axis]}, by round`,
        columns: columns('row', 'name=row', 'round=round', `percent=change, ${unit}`, 'text'),
        rows: pairs,
      },
    },
  };
}

function textOf(row: GateRow): string {
  const interval = changeIntervalText(row);
  return `${changeBrief(row)}${interval === '' ? '' : ` ${interval}`}`;
}

const changeBrief = (row: GateRow) =>
  row.kind === 'budget' ? figureText(row.head) : changeText(row);

/** `field=header`; without a header a column is not in the table behind the chart. */
function columns(...texts: string[]): { field: string; header: string }[] {
  return texts.map((text) => {
    const [field = '', header = ''] = text.split('=');
    return { field, header };
  });
}
