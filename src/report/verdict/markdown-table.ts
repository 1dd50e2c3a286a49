import type { GateRow } from '../../model/gate.ts';
import { escapeMarkdown } from '../markdown/text.ts';
import { foreign } from './escape.ts';
import {
  baseText,
  changeIntervalText,
  changeText,
  headText,
  pText,
  rowName,
  toleranceText,
  VERDICT_WORDS,
} from './words.ts';

/** Columns of words; all others are figures and stand to the right. */
const WORDS = new Set(['cell', 'metric', 'part', 'verdict']);

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function rule(header: readonly string[]): string {
  return line(header.map((name) => (WORDS.has(name) ? ':--' : '--:')));
}

export function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(header), rule(header), ...rows.map(line)].join('\n');
}

interface Column {
  header: string;
  of(row: GateRow): string;
}

const figure = (header: string, of: (row: GateRow) => string): Column => ({
  header,
  of: (row) => escapeMarkdown(of(row)),
});

const COLUMNS: readonly Column[] = [
  { header: 'metric', of: (row) => foreign(rowName(row)) },
  figure('base', baseText),
  figure('head', headText),
  figure('change', changeText),
  figure('\\[…\\]', changeIntervalText),
  figure('tolerance', toleranceText),
  figure('p (Holm)', ({ p }) => pText(p?.failAdjusted)),
  figure('sign-flip p', ({ p }) => pText(p?.signFlip)),
  figure('pairs', ({ kind, pairs }) => (kind === 'exact' ? '–' : String(pairs))),
  {
    header: 'verdict',
    of: ({ verdict }) =>
      verdict === 'pass' ? VERDICT_WORDS.pass : `**${VERDICT_WORDS[verdict]}**`,
  },
];

/** The header's two lines and the line of each row; columns in which no row has anything are left out. */
export function rowsTable(rows: readonly GateRow[], isMany: boolean) {
  const cell: Column = { header: 'cell', of: ({ label }) => foreign(label) };
  const columns = COLUMNS.filter(({ of }) => rows.some((row) => !['', '–'].includes(of(row))));
  const shown = isMany ? [cell, ...columns] : columns;
  const header = shown.map((column) => column.header);
  return {
    header: `${line(header)}\n${rule(header)}`,
    lines: new Map(rows.map((row) => [row, line(shown.map(({ of }) => of(row)))])),
  };
}
