import type { GateResult, GateRow } from '../../model/gate.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { cut, type Look, type Painter, painter, plain, wrap } from '../terminal/text.ts';
import { causeLines } from './terminal-why.ts';
import {
  baseText,
  byCell,
  changeIntervalText,
  changeText,
  elsewhereText,
  headText,
  labelOf,
  methodText,
  moreElsewhere,
  pText,
  quietGuards,
  roundsText,
  rowName,
  rowsToShow,
  rowsToTell,
  sidesText,
  toleranceText,
  VERDICT_WORDS,
  verdictText,
} from './words.ts';

/** Cells, causes and sentences of a kind that are told one by one; the files have all. */
const MOST_CELLS = 8;
const MOST_CAUSES = 3;
const MOST_LINES = 8;

const COLUMNS: Column<GateRow>[] = [
  { header: 'metric', of: rowName, drop: 0, words: true },
  { header: 'base', of: baseText, drop: 3 },
  { header: 'head', of: headText, drop: 1 },
  { header: 'change', of: changeText, drop: 0 },
  { header: '[…]', of: changeIntervalText, drop: 2 },
  { header: 'tolerance', of: toleranceText, drop: 5 },
  { header: 'p (Holm)', of: ({ p }) => pText(p?.failAdjusted), drop: 4 },
  { header: 'sign-flip p', of: ({ p }) => pText(p?.signFlip), drop: 7 },
  { header: 'pairs', of: ({ pairs, kind }) => (kind === 'exact' ? '–' : String(pairs)), drop: 6 },
  { header: 'verdict', of: ({ verdict }) => VERDICT_WORDS[verdict], drop: 0, words: true },
];

/**
 * What `bench gate` ends with: the verdict, why rows failed or are undecided, a table a cell, what
 * grew, rounds that do not count, notes, and what the numbers are. Narrow terminals lose columns;
 * metric, change and verdict stay. Ends with a newline.
 */
export function renderGate(result: GateResult, { width: asked, colour }: Look): string {
  const paint = painter(colour);
  const width = Math.max(40, asked);
  const folded = (text: string) => wrap(plain(text), width, '  ');
  const blocks = [
    [...headLines(result, width, paint), ...reasonLines(result, 'fail').flatMap(folded)],
    reasonLines(result, 'inconclusive').flatMap(folded),
    ...cellBlocks(result, width, paint),
    ...result.causes
      .slice(0, MOST_CAUSES)
      .map((cause) => causeLines(cause, labelOf(result, cause.cellId), width, paint)),
    atMost(voidTexts(result), result).flatMap(folded),
    atMost(result.notes, result).flatMap(folded),
    methodText(result) === '' ? [] : folded(methodText(result)).map(paint.dim),
  ];
  const filled = blocks.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** One line where it fits; else the sides and the rounds beneath the verdict. */
function headLines(result: GateResult, width: number, paint: Painter): string[] {
  const verdict = verdictText(result);
  const rest = [plain(sidesText(result)), roundsText(result)];
  const painted = (text: string) => {
    if (result.verdict === 'fail') return paint.red(paint.bold(text));
    return result.verdict === 'pass' ? paint.bold(text) : paint.yellow(paint.bold(text));
  };
  const one = `${verdict}  ${rest.join('   ')}`;
  if ([...one].length <= width) return [painted(verdict) + one.slice(verdict.length)];
  const indent = '  ';
  const [first = '', ...more] = rest
    .flatMap((text) => wrap(text, width - indent.length))
    .map((line) => indent + line);
  return [painted(verdict), first, ...more];
}

function reasonLines(result: GateResult, verdict: GateRow['verdict']): string[] {
  const rows = rowsToTell(result.rows).filter((row) => row.verdict === verdict);
  const cells = new Set(result.rows.map(({ cellId }) => cellId)).size;
  const texts = rows.map((row) => {
    const where = cells > 1 ? `${row.label}, ` : '';
    const what = verdict === 'inconclusive' ? ' is undecided' : '';
    return `${where}${rowName(row)}${what}: ${row.reason}`;
  });
  return atMost(texts, result);
}

/** Those that failed first, then those that are undecided; what is more is counted. */
function cellBlocks(result: GateResult, width: number, paint: Painter): string[][] {
  const worst = (rows: readonly GateRow[]) =>
    Math.max(
      0,
      ...rowsToTell(rows).map(({ verdict }) => ['pass', 'inconclusive', 'fail'].indexOf(verdict)),
    );
  const cells = byCell(rowsToShow(result.rows)).sort((a, b) => worst(b.rows) - worst(a.rows));
  const paintVerdict = (row: GateRow, text: string) => {
    if (row.verdict === 'pass') return text;
    return row.verdict === 'fail' ? paint.red(text) : paint.yellow(text);
  };
  const blocks = cells
    .slice(0, MOST_CELLS)
    .map(({ label, rows }) => [
      paint.bold(cut(plain(label), width)),
      ...tableLines(rows, COLUMNS, { width, header: paint.dim, last: paintVerdict }),
    ]);
  const rest = cells.slice(MOST_CELLS);
  if (rest.length > 0) {
    const count = (rank: number) => rest.filter(({ rows }) => worst(rows) === rank).length;
    const counts = [`${count(2)} failed`, `${count(1)} undecided`, `${count(0)} passed`];
    const text = `${rest.length} more cells: ${counts.join(', ')}; they are in ${elsewhereText(result)}`;
    blocks.push(wrap(plain(text), width, '  '));
  }
  const quiet = quietGuards(result);
  return quiet === null ? blocks : [...blocks, [paint.dim(quiet)]];
}

function voidTexts(result: GateResult): string[] {
  return result.rounds.void.map(
    ({ cellId, round, side, reason }) =>
      `not counted: round ${round} of ${labelOf(result, cellId)}, ${side}: ${reason}`,
  );
}

function atMost(texts: readonly string[], result: GateResult): string[] {
  const more = texts.length - MOST_LINES;
  return more > 0 ? [...texts.slice(0, MOST_LINES), moreElsewhere(more, result)] : [...texts];
}
