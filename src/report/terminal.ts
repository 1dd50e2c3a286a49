import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import { nameCells } from '../model/cell-names.ts';
import { type ComparisonRow, comparisonRows, tailOf } from './comparison-rows.ts';
import { concernsOf } from './concerns.ts';
import { bandSummary } from './findings.ts';
import { figureText, figureWithInterval, formatCount, intervalText } from './format.ts';
import { findingLines } from './terminal/findings.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { cut, type Look, lengthOf, type Painter, painter, plain, wrap } from './terminal/text.ts';
import { verdictLines } from './terminal/verdict.ts';

const COLUMNS: Column<CellAnalysis>[] = [
  { header: 'requests', of: (cell) => formatCount(cell.requests), drop: 4 },
  { header: 'rate', of: (cell) => figureText(cell.rateReached), drop: 5 },
  { header: 'failures', of: (cell) => figureText(cell.failureShare), drop: 0 },
  { header: 'cold', of: (cell) => figureText(cell.coldStarts.share), drop: 0, mayLack: true },
  { header: 'p50', of: (cell) => figureText(cell.latency.p50), drop: 0 },
  { header: 'p95', of: (cell) => figureText(cell.latency.p95), drop: 3 },
  { header: 'p99', of: (cell) => figureText(cell.latency.p99), drop: 0 },
  { header: '[95%]', of: (cell) => intervalText(cell.latency.p99), drop: 6 },
  { header: 'max', of: (cell) => figureText(cell.latency.max), drop: 2 },
  { header: '$/million', of: (cell) => figureText(cell.cost.total), drop: 1 },
  { header: 'at the median', of: (cell) => bandSummary(cell, 'median'), drop: 7, words: true },
  { header: 'above p99', of: (cell) => bandSummary(cell, 'above_p99'), drop: 7, words: true },
];
const GAP = 2;
/** Of more cells the table alone is long enough; where time goes is in the report. */
const MOST_EXPLAINED = 8;
/** Concerns that are listed; what is more is in the report. */
const MOST_CONCERNS = 8;

/**
 * What a run ends with: the answer (a gate's verdict before it), a row a cell, why p99 is what it is,
 * what memory and cold starts do, ratios, and the warnings: about a screen for five cells. Where the terminal is too narrow columns
 * go; p50, p99, failures and cold share stay. Ends with a newline.
 */
export function renderTable(analysis: Analysis, options: Look): string {
  const paint = painter(options.colour);
  const width = Math.max(40, options.width);
  const names = nameCells(analysis.cells.map((cell) => cell.cell));
  const states = analysis.cells.map((cell) => cell.validity.state);
  const first = new Map(
    analysis.cells.map((cell, i) => {
      const label = cut(plain(names.labels[i] ?? ''), Math.floor(width * 0.4));
      return [cell, states[i] === 'sound' ? label : `${label} (${states[i]})`];
    }),
  );
  const name = {
    header: 'cell',
    of: (cell: CellAnalysis) => first.get(cell) ?? '',
    drop: 0,
    words: true,
  };
  const [header = '', ...rows] = tableLines(analysis.cells, [name, ...COLUMNS], {
    width,
    header: (text) => text,
  });
  const where =
    analysis.cells.length <= MOST_EXPLAINED &&
    analysis.cells.every(({ tails }) => tails.every(({ leading }) => leading === null)) &&
    !COLUMNS.some(({ words, header: title }) => words && header.includes(title));
  const lines: string[] = [];
  lines.push(...verdictLines(analysis, width, paint));
  const headline = analysis.headline.flatMap((sentence) => wrap(plain(sentence), width));
  lines.push(...(analysis.gate === null ? headline.map(paint.bold) : headline));
  if (lines.length > 0) lines.push('');
  lines.push(paint.dim(header));
  analysis.cells.forEach((cell, i) => {
    const text = rows[i] ?? '';
    lines.push(
      states[i] === 'void' ? paint.red(text) : states[i] === 'doubtful' ? paint.yellow(text) : text,
    );
    if (where && COLUMNS.some(({ of, words }) => words && of(cell) !== '–')) {
      const parts = `median: ${bandSummary(cell, 'median')}; above p99: ${bandSummary(cell, 'above_p99')}`;
      lines.push(...wrap(parts, width - 2).map((piece) => paint.dim(`  ${piece}`)));
    }
  });
  lines.push(...findingLines(analysis, names.labels, width, paint));
  lines.push(...comparedLines(analysis, width, paint));
  lines.push(...concernLines(analysis, names.labels, width, paint));
  return `${lines.join('\n')}\n`;
}

/** Rows of one comparison: those that differ most; the others are in the report. */
const MOST_ROWS = 8;

/** Those that differ most, in the order of all. */
function largest(rows: readonly ComparisonRow[]): ComparisonRow[] {
  const size = ({ ratios: { p50 } }: ComparisonRow) => Math.abs(Math.log(p50.value ?? 1));
  const kept = new Set([...rows].sort((a, b) => size(b) - size(a)).slice(0, MOST_ROWS));
  return rows.filter((row) => kept.has(row));
}

/** Ratios by factor, and what each feature of a variant does; as much of a row as fits. */
function comparedLines(analysis: Analysis, width: number, paint: Painter): string[] {
  const lines: string[] = [];
  const tail = tailOf(analysis.cells);
  for (const { name, rows } of comparisonRows(analysis)) {
    const shown = largest(rows);
    const columns = [
      ['', ...shown.map(({ held }) => cut(plain(held), Math.floor(width * 0.3)))],
      [name, ...shown.map(({ change }) => cut(plain(change), Math.floor(width * 0.3)))],
      ['p50', ...shown.map(({ ratios }) => figureWithInterval(ratios.p50))],
      [tail, ...shown.map(({ ratios }) => figureWithInterval(ratios[tail]))],
      ['backend time', ...shown.map(({ ratios }) => figureWithInterval(ratios.backendMs))],
    ].filter((column) => column.some((text, i) => i > 0 && text !== ''));
    const widths = columns.map((column) => Math.max(...column.map(lengthOf)));
    while (columns.length > 2 && widths.reduce((sum, each) => sum + each + GAP, 0) > width + GAP) {
      columns.pop();
      widths.pop();
    }
    const gap = ' '.repeat(GAP);
    const line = (row: number) =>
      columns
        .map((column, i) => (column[row] ?? '').padEnd(widths[i] ?? 0))
        .join(gap)
        .trimEnd();
    lines.push('', paint.dim(line(0)), ...shown.map((_, i) => line(i + 1)));
    const more = rows.length - shown.length;
    if (more > 0) lines.push(paint.dim(`${more} more, which differ less, are in the report`));
  }
  for (const { ends, missing } of analysis.causes) {
    const sentences = [...ends, ...missing].flatMap((sentence) => wrap(plain(sentence), width));
    if (sentences.length > 0) lines.push('', ...sentences);
  }
  return lines;
}

function concernLines(
  analysis: Analysis,
  labels: readonly string[],
  width: number,
  paint: Painter,
): string[] {
  const concerns = concernsOf(analysis);
  const lines = concerns.slice(0, MOST_CONCERNS).flatMap(({ severity, cell, text: concern }) => {
    const where = cell >= 0 && labels.length > 1 ? `${labels[cell]}: ` : '';
    const text = wrap(plain(`${severity}: ${where}${concern}`), width);
    if (severity === 'note') return text.map(paint.dim);
    return text.map(severity === 'void' ? paint.red : paint.yellow);
  });
  const more = concerns.length - MOST_CONCERNS;
  if (more > 0) lines.push(paint.dim(`${more} more doubts and notes are in the report`));
  return lines.length > 0 ? ['', ...lines] : [];
}
