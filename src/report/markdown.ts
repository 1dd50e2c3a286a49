import { formatMs } from '../base/numbers.ts';
import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import { bandSummary } from './findings.ts';
import { figureText, figureWithInterval, formatCount, formatInstant } from './format.ts';
import { nameCells } from './labels.ts';

/**
 * The report for a pull request: the answer, all cells, where time goes, cold starts, warnings, in
 * GitHub's Markdown. Foreign strings are escaped: none becomes markup, a link or a mention.
 */
export function renderMarkdown(analysis: Analysis): string {
  const { cells, run } = analysis;
  const names = nameCells(cells.map((cell) => cell.cell));
  const label = (index: number) => {
    const text = escapeMarkdown(names.labels[index] ?? '');
    return cells[index]?.validity.state === 'void' ? `~~${text}~~` : text;
  };
  const rounds = `${run.plan.rounds} ${run.plan.rounds === 1 ? 'trial' : 'trials'} a cell`;
  const host = `${run.fingerprint.cpuModel}, ${run.fingerprint.cores} cores`;
  const blocks = [
    `## ${escapeMarkdown(analysis.headline[0] ?? 'No headline: see the table')}`,
    ...analysis.headline.slice(1).map(escapeMarkdown),
    `${escapeMarkdown(names.shared.join(' · '))}; target ${escapeMarkdown(run.plan.target)} (${escapeMarkdown(host)}), k6 ${escapeMarkdown(run.fingerprint.k6)}, ${rounds}, ${formatInstant(run.createdAt)}, run \`${run.runId.replace(/[^\w.-]/g, '_')}\``,
    table(
      [
        'cell',
        'requests',
        'rate',
        'failures',
        'cold',
        'p50',
        'p95',
        'p99',
        'max',
        'at the median',
        'above p99',
        'validity',
      ],
      cells.map((cell, i) => [label(i), ...figuresOf(cell), cell.validity.state]),
    ),
    coldTable(cells, label),
    checks(cells, label),
    analysis.warnings
      .map(({ severity, message }) => `- **${severity}**: ${escapeMarkdown(message)}`)
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function figuresOf(cell: CellAnalysis): string[] {
  const struck = (text: string) =>
    cell.validity.state === 'void' && text !== '–' ? `~~${text}~~` : text;
  return [
    formatCount(cell.requests),
    struck(figureText(cell.rateReached)),
    struck(figureText(cell.failureShare)),
    struck(figureText(cell.coldStarts.share)),
    struck(figureWithInterval(cell.latency.p50)),
    struck(figureWithInterval(cell.latency.p95)),
    struck(figureWithInterval(cell.latency.p99)),
    struck(figureText(cell.latency.max)),
    bandSummary(cell, 'median'),
    bandSummary(cell, 'above_p99'),
  ];
}

function coldTable(cells: readonly CellAnalysis[], label: (index: number) => string): string {
  if (!cells.some((cell) => cell.coldStarts.requests > 0)) return '';
  return table(
    ['cold starts', 'requests', 'median init', 'median latency', 'penalty'],
    cells.map(({ coldStarts }, i) => [
      label(i),
      formatCount(coldStarts.requests),
      figureWithInterval(coldStarts.medianInitMs),
      figureWithInterval(coldStarts.medianTotalMs),
      coldStarts.penaltyMs.value === null ? '–' : `+${formatMs(coldStarts.penaltyMs.value)}`,
    ]),
  );
}

/** The checks that were not passed. */
function checks(cells: readonly CellAnalysis[], label: (index: number) => string): string {
  const rows = cells.flatMap((cell, i) =>
    cell.validity.checks
      .filter((check) => check.state !== 'sound')
      .map((check) => [
        label(i),
        check.state,
        ...[check.label, check.shown, check.threshold, check.why].map(escapeMarkdown),
      ]),
  );
  return rows.length > 0
    ? table(['cell', 'state', 'check', 'value', 'threshold', 'why'], rows)
    : '';
}

/** Columns of words, beside the first; all others are figures and stand to the right. */
const WORDS = new Set([
  'at the median',
  'above p99',
  'validity',
  'state',
  'check',
  'value',
  'threshold',
  'why',
]);

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((name, i) => (i === 0 || WORDS.has(name) ? ':--' : '--:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/**
 * One line without markup: no tags, links, emphasis, table cells or mentions. Parentheses stay: they
 * make a link only behind brackets, which are escaped.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\\`*_{}[\]#!|~@]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
