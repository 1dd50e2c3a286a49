import { formatMs, threeDigits } from '../base/numbers.ts';
import type { Analysis, Causes, CellAnalysis, Ratios } from '../model/analysis.ts';
import { nameCells } from '../model/cell-names.ts';
import { bundleKey } from '../model/endpoint.ts';
import type { BundleFacts, RepeatedMs } from '../model/run.ts';
import { comparisonRows } from './comparison-rows.ts';
import { bandSummary } from './findings.ts';
import {
  figureText,
  figureWithInterval,
  formatBytes,
  formatCount,
  formatInstant,
  rangeText,
} from './format.ts';
import { trialsACell } from './page/pieces.ts';

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
  const host = `${run.fingerprint.cpuModel}, ${run.fingerprint.cores} cores`;
  const blocks = [
    `## ${escapeMarkdown(analysis.headline[0] ?? 'No headline: see the table')}`,
    ...analysis.headline.slice(1).map(escapeMarkdown),
    `${escapeMarkdown(names.shared.join(' · '))}; target ${escapeMarkdown(run.plan.target)} (${escapeMarkdown(host)}), k6 ${escapeMarkdown(run.fingerprint.k6)}, ${trialsACell(cells)}, ${formatInstant(run.createdAt)}, run \`${run.runId.replace(/[^\w.-]/g, '_')}\``,
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
    ...comparisonRows(analysis).map(comparisonTable),
    ...analysis.causes.map(causesTable),
    backendTable(cells, label),
    bundleTable(run.bundles),
    coldTable(cells, label),
    checks(cells, label),
    analysis.warnings
      .map(({ severity, message }) => `- **${severity}**: ${escapeMarkdown(message)}`)
      .join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** What a figure of a void cell looks like. */
function strike(cell: CellAnalysis): (text: string) => string {
  return (text) => (cell.validity.state === 'void' && text !== '–' ? `~~${text}~~` : text);
}

function figuresOf(cell: CellAnalysis): string[] {
  const struck = strike(cell);
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

const ratiosText = ({ p50, p95, p99, backendMs }: Ratios) =>
  [p50, p95, p99, backendMs].map(figureWithInterval);

function comparisonTable({ name, finding, rows }: ReturnType<typeof comparisonRows>[number]) {
  const held = rows.some((row) => row.held !== '');
  const text = table(
    [name, ...(held ? ['held'] : []), 'p50', 'p95', 'p99', 'backend time'],
    rows.map((row) => [
      escapeMarkdown(row.change),
      ...(held ? [escapeMarkdown(row.held)] : []),
      ...ratiosText(row.ratios),
    ]),
  );
  return `### By ${name}: ${escapeMarkdown(finding)}\n\n${text}`;
}

function causesTable({ backend, finding, missing, panels }: Causes): string {
  const rows = panels.flatMap(({ label, ends }) =>
    ends.map(({ feature, kind, from, to, ratios }) => [
      escapeMarkdown(`${CHANGES[kind]} ${feature}`),
      escapeMarkdown([label, `${from} → ${to}`].filter((text) => text !== '').join(': ')),
      ...ratiosText(ratios),
    ]),
  );
  const blocks = [
    `### What makes ${escapeMarkdown(backend)} so: ${escapeMarkdown(finding)}`,
    rows.length > 0 ? table(['change', 'held', 'p50', 'p95', 'p99', 'backend time'], rows) : '',
    ...missing.map(escapeMarkdown),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

const CHANGES = { adds: 'adding', takes: 'removing', all: 'changing' } as const;

/** Calls to the backend by operation; a cell without any traced call says so. */
function backendTable(cells: readonly CellAnalysis[], label: (index: number) => string): string {
  if (cells.every(({ backend }) => backend.tracedRequests === 0)) return '';
  const operations = [
    ...new Set(cells.flatMap(({ byOperation }) => byOperation.map(({ operation }) => operation))),
  ];
  return table(
    ['backend calls a request', 'all', 'median time in them', ...operations.map(escapeMarkdown)],
    cells.map((cell, i) => [label(i), ...backendFigures(cell, operations)]),
  );
}

function backendFigures(cell: CellAnalysis, operations: readonly string[]): string[] {
  const struck = strike(cell);
  const { callsMean, medianMs } = cell.backend;
  if (callsMean.value === null) {
    return [escapeMarkdown(callsMean.note ?? '–'), '–', ...operations.map(() => '–')];
  }
  const calls = operations.map((name) => {
    const row = cell.byOperation.find(({ operation }) => operation === name);
    const mean = row?.meanBackendCalls ?? null;
    return mean === null ? '–' : struck(threeDigits(mean));
  });
  return [struck(figureText(callsMean)), struck(figureWithInterval(medianMs)), ...calls];
}

function bundleTable(bundles: readonly BundleFacts[]): string {
  if (bundles.length === 0) return '';
  const times = (one: RepeatedMs | null) =>
    one === null ? '–' : `${formatMs(one.medianMs)} ${rangeText(one)}`;
  return table(
    ['handler', 'size', 'gzip', 'load', 'init', 'SHA-256'],
    bundles.map((bundle) => [
      escapeMarkdown(bundleKey(bundle)),
      formatBytes(bundle.bytes),
      formatBytes(bundle.gzipBytes),
      times(bundle.load),
      times(bundle.init),
      `\`${bundle.sha256.slice(0, 12)}\``,
    ]),
  );
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
  'held',
  'SHA-256',
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
