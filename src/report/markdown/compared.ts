import { shortened } from '../../base/digest.ts';
import { formatBytes, formatMs, threeDigits } from '../../base/numbers.ts';
import type { Causes, CellAnalysis, Ratios } from '../../model/analysis.ts';
import { bundleKey } from '../../model/endpoint.ts';
import type { BundleFacts, RepeatedMs } from '../../model/run.ts';
import type { comparisonRows } from '../comparison-rows.ts';
import { figureText, figureWithInterval, rangeText } from '../format.ts';
import { escapeMarkdown, type MarkdownContext, strike, table } from './text.ts';

const ratiosText = ({ p50, p95, p99, backendMs }: Ratios) =>
  [p50, p95, p99, backendMs].map(figureWithInterval);

export function comparisonTable({
  name,
  finding,
  rows,
}: ReturnType<typeof comparisonRows>[number]): string {
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

export function causesTable({ backend, finding, missing, panels }: Causes): string {
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
export function backendTable({ cells, label }: MarkdownContext): string {
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

export function bundleTable(bundles: readonly BundleFacts[]): string {
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
      `\`${shortened(bundle.sha256)}\``,
    ]),
  );
}
