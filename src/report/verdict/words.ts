import { formatDurationS } from '../../base/duration.ts';
import { formatP, threeDigits } from '../../base/numbers.ts';
import type { Figure } from '../../model/figure.ts';
import type { GateMetric, GateResult, GateRow, GateSide } from '../../model/gate.ts';
import { figureText, intervalText } from '../format.ts';

/** What a gate's result says, in words that all its text forms share. Nothing is escaped. */

export const VERDICT_WORDS: Record<GateRow['verdict'], string> = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
};

/** `FAIL`, `FAIL (advisory)`. */
export function verdictText({ verdict, advisory }: GateResult): string {
  return advisory ? `${VERDICT_WORDS[verdict]} (advisory)` : VERDICT_WORDS[verdict];
}

/** `origin/main 3f2c1a9 → working tree (3 files differ from 3f2c1a9)`; of budgets the head alone. */
export function sidesText({ base, head }: GateResult): string {
  return base === null
    ? `${sideText(head)} against its budgets`
    : `${sideText(base)} → ${sideText(head)}`;
}

function sideText({ label, commit, note }: GateSide): string {
  const short = commit?.slice(0, 7) ?? '';
  const isSaid = short === '' || label.includes(short) || (note ?? '').includes(short);
  return `${label}${isSaid ? '' : ` ${short}`}${note === null ? '' : ` (${note})`}`;
}

const ENDED: Record<GateResult['rounds']['ended'], string> = {
  decided: 'decided',
  max_pairs: 'as many as --max-pairs allows',
  budget: 'no time for another (--budget)',
  same_code: 'the code of both sides is the same',
  broke_off: 'broke off',
};

/** `7 pairs, decided, 3 m 12 s`. */
export function roundsText({ mode, rounds, tookS }: GateResult): string {
  const unit = mode === 'paired' ? 'pair' : 'round';
  const count = rounds.run === 1 ? `1 ${unit}` : `${rounds.run} ${unit}s`;
  const took = rounds.run === 0 ? '' : `, ${formatDurationS(tookS)}`;
  return `${count}, ${ENDED[rounds.ended]}${took}`;
}

const METRIC_NAMES: Record<GateMetric, string> = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  init: 'init',
  handler: 'handler',
  backend: 'backend',
  cost: 'cost',
  errorRate: 'error rate',
  coldShare: 'cold share',
  bundleSize: 'bundle size',
  backendCalls: 'backend calls',
};

export const metricName = (metric: GateMetric) => METRIC_NAMES[metric];

/** `p99`, `p99 budget`, `error rate (guard)`, `backend calls of Timeline`. */
export function rowName({ metric, kind, operation, guard }: GateRow): string {
  const name = METRIC_NAMES[metric];
  const of = operation === null ? '' : ` of ${operation}`;
  return `${name}${kind === 'budget' ? ' budget' : ''}${of}${guard ? ' (guard)' : ''}`;
}

/** `+15.4%`, `+0.50 points`; of a budget, whose head says all, and where there is none: `–`. */
export function changeText({ kind, change }: GateRow): string {
  return change === null || kind === 'budget' ? '–' : withUnit(kind, change.value);
}

/** `[+12.1, +18.4]` in the unit of the change, of a budget in that of head; empty where there is none. */
export function changeIntervalText(row: GateRow): string {
  const { kind, change } = row;
  if (change === null || (change.low === null && change.high === null)) return '';
  if (kind === 'budget') return intervalText(inUnitOf(row.head, change));
  const end = (value: number | null) => (value === null ? '–' : signed(kind, value));
  return `[${end(change.low)}, ${end(change.high)}]`;
}

/** `5%`, `0.5 points`, `≤ 50.0 ms`. */
export function toleranceText({ kind, tolerance, head }: GateRow): string {
  if (kind === 'budget') {
    return `≤ ${figureText(inUnitOf(head, { value: tolerance, low: null, high: null }))}`;
  }
  const percent = Number((tolerance * 100).toPrecision(6));
  return kind === 'difference' ? `${percent} points` : `${percent}%`;
}

function inUnitOf(figure: Figure, values: Pick<Figure, 'value' | 'low' | 'high'>): Figure {
  return { ...figure, ...values };
}

function withUnit(kind: GateRow['kind'], value: number): string {
  return `${signed(kind, value)}${kind === 'difference' ? ' points' : '%'}`;
}

/** In percent, or of a difference in points: `+15.4`, `0.0`, `-0.12`. */
function signed(kind: GateRow['kind'], value: number): string {
  const percent = (kind === 'difference' ? value : value - 1) * 100;
  const isLarge = Math.abs(percent) >= 1000;
  const text = isLarge ? threeDigits(percent) : percent.toFixed(kind === 'difference' ? 2 : 1);
  if (Number(text) === 0) return text.replace('-', '');
  return percent > 0 ? `+${text}` : text;
}

/** `0.012`, `<0.001`; `–` where nothing was tested. */
export function pText(p: number | null | undefined): string {
  if (p === null || p === undefined) return '–';
  return formatP(p);
}

export const headText = ({ head }: GateRow) => figureText(head);
export const baseText = ({ base }: GateRow) => (base === null ? '–' : figureText(base));

/** Guards matter where they do not pass in peace: failed, or with any failure on a side. */
export function rowsToShow(rows: readonly GateRow[]): GateRow[] {
  const isQuiet = ({ guard, verdict, base, head }: GateRow) =>
    guard && verdict !== 'fail' && head.value === 0 && (base === null || base.value === 0);
  return rows.filter((row) => !isQuiet(row));
}

/** Rows a reader has to hear of: those that failed, then those that are undecided and hold a pass up. */
export function rowsToTell(rows: readonly GateRow[]): GateRow[] {
  const failed = rows.filter(({ verdict }) => verdict === 'fail');
  const open = rows.filter(({ verdict, guard }) => verdict === 'inconclusive' && !guard);
  return [...failed, ...open];
}

/** Said in place of guards that are not shown; null where all are. */
export function quietGuards({ rows, mode }: GateResult): string | null {
  const shown = rowsToShow(rows);
  if (shown.length === rows.length) return null;
  const others = shown.some(({ metric }) => metric === 'errorRate');
  return `no request failed${mode === 'paired' ? ' on either side' : ''}${others ? ' of the other cells' : ''}`;
}

/** Rows of a cell, in the order in which cells first appear. */
export function byCell(rows: readonly GateRow[]): { label: string; rows: GateRow[] }[] {
  const cells = new Map<string, { label: string; rows: GateRow[] }>();
  for (const row of rows) {
    const cell = cells.get(row.cellId) ?? { label: row.label, rows: [] };
    cell.rows.push(row);
    cells.set(row.cellId, cell);
  }
  return [...cells.values()];
}

/** A cell's label by its id; the id itself where no row has it. */
export function labelOf({ rows }: GateResult, cellId: string): string {
  return rows.find((row) => row.cellId === cellId)?.label ?? cellId;
}

/** What the interval and p of the table are, and when a row passes or fails. Empty: nothing was tested. */
export function methodText({ rows, alpha, mode }: GateResult): string {
  const tested = rows.filter(({ p }) => p !== null);
  if (tested.length === 0) return '';
  const level = `${Number(((1 - alpha) * 100).toFixed(2))}%`;
  const [of, allowed] = mode === 'budgets' ? ['the figure', 'limit'] : ['the change', 'tolerance'];
  // One that has too few pairs yet is counted: it is tested later.
  const open = rows.filter(({ p, verdict }) => p === null && verdict === 'inconclusive');
  const count = tested.length + open.length;
  const tests = count === 1 ? '1 test' : `${count} tests`;
  const signFlip = tested.some(({ p }) => p !== null && p.signFlip !== null)
    ? ' Sign-flip p: the same by an exact test of the last look alone, which does not decide.'
    : '';
  return `[…] bounds ${of}: each of its ends holds at ${level}, however often the gate looked. p (Holm): how likely such figures are, at most, where ${of} is within its ${allowed}; adjusted for the looks and for ${tests}.${signFlip} FAIL at p ≤ ${alpha}, PASS where the upper end is within the ${allowed}.`;
}

/** `3 more are in gate/gate.json of run …`. */
export function moreElsewhere(count: number, result: GateResult): string {
  return `${count} more ${count === 1 ? 'is' : 'are'} in ${elsewhereText(result)}`;
}

/** Where everything is that a text leaves out. */
export function elsewhereText({ runId }: GateResult): string {
  return `gate/gate.json of run ${runId}`;
}
