import { capital, listed } from '../base/words.ts';
import type { GateResult, GateRow } from '../model/gate.ts';
import { rowName } from './verdict/words.ts';

/** A gate's verdict as sentences, for the page, the terminal and the report in Markdown. */

/** Rows of a pass that are named one by one. */
const MOST_NAMED = 4;

/** What stands after the word FAIL, PASS or INCONCLUSIVE: which row made it so, and why. */
export function verdictSentence(gate: GateResult): string {
  const { rows, verdict, rounds } = gate;
  if (rounds.ended === 'same_code' && rows.length === 0) {
    return 'The code of both sides is the same, byte for byte: nothing was measured.';
  }
  const asked = rows.filter(({ guard }) => !guard);
  if (verdict === 'pass') return passSentence(asked);
  const deciding = (verdict === 'fail' ? rows : asked).filter((row) => row.verdict === verdict);
  const [first, ...others] = deciding;
  if (first === undefined) return 'Nothing could be judged.';
  const [one, several] = verdict === 'fail' ? ['fails', 'fail'] : ['is undecided', 'are undecided'];
  const where = cellsOf(rows) === 1 ? '' : ` at ${first.label}`;
  const found = `${capital(nameOf(first))}${where} ${one}: ${withoutStop(first.reason)}.`;
  if (others.length === 0) return found;
  return `${found} ${others.length} more of ${rows.length} rows ${others.length === 1 ? one : several}.`;
}

function passSentence(rows: readonly GateRow[]): string {
  const [first] = rows;
  if (first === undefined) return 'Nothing that guards the gate failed.';
  const limit = rows.every(({ kind }) => kind === 'budget') ? 'limit' : 'tolerance';
  if (rows.length === 1) {
    return `${capital(nameOf(first))} is within its ${limit}: ${withoutStop(first.reason)}.`;
  }
  const names = rows.map(nameOf);
  if (names.length <= MOST_NAMED && cellsOf(rows) === 1 && rows.every(isPassed)) {
    return `${capital(listed(names))} are within their ${limit === 'limit' ? 'limits' : 'tolerances'}.`;
  }
  const among = cellsOf(rows) === 1 ? '' : ` of ${cellsOf(rows)} cells`;
  return rows.every(isPassed)
    ? `All ${rows.length} rows${among} are within their ${limit === 'limit' ? 'limits' : 'tolerances'}.`
    : 'No row failed.';
}

/** That it is a guard the table says. */
const nameOf = (row: GateRow) => rowName({ ...row, guard: false });
const isPassed = ({ verdict }: GateRow) => verdict === 'pass';
const cellsOf = (rows: readonly GateRow[]) => new Set(rows.map(({ cellId }) => cellId)).size;
const withoutStop = (text: string) => text.replace(/\.$/, '');

/** `8 of at most 30 pairs were run; it ended because the verdict was known.` */
export function endedSentence({ rounds, mode }: GateResult): string {
  const what = mode === 'paired' ? 'pairs' : 'rounds';
  const why = {
    decided: 'it ended because the verdict was known',
    max_pairs: 'it ended because no more are allowed',
    budget: 'it ended because its time was used up',
    same_code: 'none was needed',
    broke_off: 'it broke off',
  }[rounds.ended];
  return `${rounds.run} of at most ${rounds.most} ${what} were run; ${why}.`;
}

/** How many more rounds all open rows would take; a single one's reason says it itself. */
export function morePairsSentence({ verdict, rows, mode }: GateResult): string | null {
  if (verdict !== 'inconclusive') return null;
  const open = rows.filter((row) => row.verdict === 'inconclusive' && !row.guard);
  const known = open.flatMap(({ morePairs }) => morePairs ?? []);
  if (open.length < 2 || known.length === 0) return null;
  const most = Math.max(...known);
  const what = `${most} more ${mode === 'paired' ? 'pair' : 'round'}${most === 1 ? '' : 's'}`;
  const undecidable = open.length - known.length;
  const but =
    undecidable > 0
      ? `; of ${undecidable} undecided ${undecidable === 1 ? 'row' : 'rows'} no number would`
      : '';
  return `About ${what} would decide${but}, if mean and spread stay.`;
}

/** A change in percent: of a difference in percentage points, of a budget the share of the limit. */
export function inPercent(value: number, { kind, tolerance }: GateRow): number {
  if (kind === 'budget') return (value / tolerance) * 100;
  return (kind === 'difference' ? value : value - 1) * 100;
}
