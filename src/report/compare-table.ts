import {
  COMPARED_FIGURES,
  type Compared,
  type ComparedFigure,
  type ComparedRow,
} from '../model/compared.ts';
import {
  changeInterval,
  changeText,
  differenceText,
  evidenceText,
  FIGURE_LABELS,
  valueText,
} from './compare-words.ts';
import { formatInstant } from './format.ts';
import { cut, lengthOf, plain, wrap } from './terminal/text.ts';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * The comparison as benchstat writes one: what the test is, what differs, a table a figure, old │ new │
 * vs base, `~` where nothing is shown; then what was not compared and what p is. Ends with a newline.
 */
export function renderCompared(compared: Compared, width: number): string {
  const notes = new Notes();
  const tables = COMPARED_FIGURES.flatMap((figure) => tableOf(compared, figure, notes, width));
  const lines = [
    ...sidesOf(compared),
    '',
    ...compared.method.slice(0, 1),
    ...section('what differs', compared.differences.map(differenceLine)),
    ...tables,
    ...(notes.lines.length > 0 ? ['', ...notes.lines] : []),
    ...section('not compared', notComparedLines(compared)),
    ...section('only in old', compared.onlyOld),
    ...section('only in new', compared.onlyNew),
    ...section('doubtful', doubtLines(compared)),
    '',
    ...methodLines(compared),
  ];
  const rows = new Set(tables);
  return `${lines.flatMap((line) => (rows.has(line) ? [line] : wrapped(line, width))).join('\n')}\n`;
}

function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const room = Math.max(40, width) - indent.length;
  return wrap(plain(line.slice(indent.length)), room).map((piece) => indent + piece);
}

function sidesOf({ old, new: now }: Compared): string[] {
  const side = (name: string, { runId, createdAt, cellId }: Compared['old']) =>
    `${name}  ${runId}${cellId === null ? '' : `:${cellId}`}  ${formatInstant(createdAt)}`;
  return [side('old', old), side('new', now)];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function differenceLine(difference: Compared['differences'][number]): string {
  const where = difference.cellId === undefined ? '' : `${difference.cellId}: `;
  return `${where}${differenceText(difference)}`;
}

/** Where the intervals stand, which narrow terminals lose; where rows are longer still, labels are cut. */
const INTERVALS = 4;
const SHORTEST_LABEL = 8;

/** Nothing where no cell has the figure on either side. */
function tableOf(
  { cells }: Compared,
  figure: ComparedFigure,
  notes: Notes,
  width: number,
): string[] {
  const rows = cells.flatMap(({ label, rows: all }) =>
    all.filter((row) => row.figure === figure).map((row) => ({ label: plain(label), row })),
  );
  if (rows.every(({ row }) => row.old.value === null && row.new.value === null)) return [];
  const columns = [
    [FIGURE_LABELS[figure], ...rows.map(({ label }) => label)],
    ['old', ...rows.map(({ row }) => valueText(row.old))],
    ['new', ...rows.map(({ row }) => valueText(row.new))],
    ['vs base', ...rows.map(({ row }) => changeCell(row))],
    ['[95%]', ...rows.map(({ row }) => (row.change === null ? '' : changeInterval(row.change)))],
    ['', ...rows.map(({ row }) => evidenceCell(row, notes))],
  ];
  if (widthOf(columns) > width) columns[INTERVALS] = columns[0]?.map(() => '') ?? [];
  const excess = widthOf(columns) - width;
  if (excess > 0) {
    const room = Math.max(SHORTEST_LABEL, widest(columns[0] ?? []) - excess);
    columns[0] = columns[0]?.map((label) => cut(label, room)) ?? [];
  }
  const widths = columns.map(widest);
  const line = (at: number) => {
    const [label, old, now, change, interval, evidence] = columns.map((column, i) => {
      const text = column[at] ?? '';
      const space = ' '.repeat((widths[i] ?? 0) - lengthOf(text));
      return i === 0 || i === 5 ? text + space : space + text;
    });
    const middle = interval === '' ? '' : `${interval}  `;
    return `${label} │ ${old} │ ${now} │ ${change}  ${middle}${evidence}`.trimEnd();
  };
  return ['', line(0), ...rows.map((_, i) => line(i + 1))];
}

const widest = (column: readonly string[]) => Math.max(...column.map(lengthOf));

/** Three rules of three characters, and two gaps of two where the intervals stand. */
function widthOf(columns: readonly (readonly string[])[]): number {
  const gaps = 9 + 2 + (widest(columns[INTERVALS] ?? []) > 0 ? 2 : 0);
  return columns.reduce((sum, column) => sum + widest(column), gaps);
}

function changeCell({ change }: ComparedRow): string {
  return change?.shown === true ? changeText(change) : '~';
}

function evidenceCell({ change, note }: ComparedRow, notes: Notes): string {
  if (change !== null) return `(${evidenceText(change)})`;
  return note === undefined ? '' : notes.mark(note);
}

/** Why a row has no test, numbered; the same reason has the same number. */
class Notes {
  readonly #reasons: string[] = [];

  mark(reason: string): string {
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
    return superscript(this.#reasons.indexOf(reason) + 1);
  }

  get lines(): string[] {
    return this.#reasons.map((reason, i) => `${superscript(i + 1)} ${reason}`);
  }
}

function superscript(number: number): string {
  return [...String(number)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
}

function notComparedLines({ notCompared }: Compared): string[] {
  return notCompared.flatMap(({ cellId, reason, differences }) => [
    `${cellId}: ${reason}`,
    ...differences.map((difference) => `  ${differenceText(difference)}`),
  ]);
}

function doubtLines({ cells }: Compared): string[] {
  return cells.flatMap(({ label, doubts }) => doubts.map((doubt) => `${label}: ${doubt}`));
}

function methodLines({ method, adjustment: { comparisons, q } }: Compared): string[] {
  if (comparisons === 0) return ['No figure of both sides could be tested: ~ says nothing here.'];
  const many = comparisons === 1 ? '1 comparison' : `${comparisons} comparisons`;
  return [...method.slice(1), `p: adjusted for ${many}, q = ${q.toFixed(2)}.`];
}
