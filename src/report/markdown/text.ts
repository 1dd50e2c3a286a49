import type { Analysis, CellAnalysis } from '../../model/analysis.ts';
import { nameCells } from '../../model/cell-names.ts';

/** What every part of the Markdown report is made from. */
export interface MarkdownContext {
  analysis: Analysis;
  cells: readonly CellAnalysis[];
  /** Labels of the cells as text, escaped nowhere. */
  plainLabels: readonly string[];
  /** A cell's label, escaped, struck through where it is void. */
  label(index: number): string;
}

export function markdownContext(analysis: Analysis): MarkdownContext {
  const { cells } = analysis;
  const plainLabels = nameCells(cells.map((cell) => cell.cell)).labels;
  return {
    analysis,
    cells,
    plainLabels,
    label(index) {
      const text = escapeMarkdown(plainLabels[index] ?? '');
      return cells[index]?.validity.state === 'void' ? `~~${text}~~` : text;
    },
  };
}

/** Blocks under a heading; nothing where all of them are empty. */
export function section(heading: string, ...blocks: string[]): string {
  const filled = blocks.filter((block) => block !== '');
  return filled.length === 0 ? '' : [`### ${heading}`, ...filled].join('\n\n');
}

export function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n');
}

/** What a figure of a void cell looks like. */
export function strike(cell: CellAnalysis): (text: string) => string {
  return (text) => (cell.validity.state === 'void' && text !== '–' ? `~~${text}~~` : text);
}

/** Columns of words, beside the first; all others are figures and stand to the right. */
const WORDS = new Set([
  'above',
  'basis',
  'cells',
  'cannot be told from',
  'finding',
  'fits in a period',
  'how sure',
  'item',
  'leading',
  'makes the difference',
  'on the front',
  'operation',
  'reasons',
  'scaling',
  'at the median',
  'above p99',
  'validity',
  'held',
  'SHA-256',
  'state',
  'check',
  'value',
  'threshold',
  'why',
]);

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((name, i) => (i === 0 || WORDS.has(name) ? ':--' : '--:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/**
 * One line without markup: no tags, links, emphasis, table cells, mentions or formulas. Parentheses stay: they
 * make a link only behind brackets, which are escaped.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\\`*_{}[\]#!|~@$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
