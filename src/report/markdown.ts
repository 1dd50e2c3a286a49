import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import { nameCells } from '../model/cell-names.ts';
import { comparisonRows } from './comparison-rows.ts';
import { bandSummary } from './findings.ts';
import { figureText, figureWithInterval, formatCount, formatInstant } from './format.ts';
import { verdictSentence } from './gate-words.ts';
import { backendTable, bundleTable, causesTable, comparisonTable } from './markdown/compared.ts';
import { costSection } from './markdown/cost.ts';
import { initPackagesSection } from './markdown/init-packages.ts';
import { memorySection } from './markdown/memory.ts';
import {
  escapeMarkdown,
  type MarkdownContext,
  markdownContext,
  section,
  strike,
  table,
} from './markdown/text.ts';
import { validitySection } from './markdown/validity.ts';
import { burstSection, coldSection, tailSection } from './markdown/why.ts';
import { trialsACell } from './page/pieces.ts';
import { targetWords } from './target-words.ts';
import { tracedText } from './traced-words.ts';
import { roundsText, sidesText, verdictText } from './verdict/words.ts';

/**
 * The report for a pull request, in GitHub's Markdown: the answer (a gate's verdict before it), all cells, comparisons, why the
 * tail is what it is, cold starts, memory, cost, validity. It says what the page says, in tables.
 * Foreign strings are escaped: none becomes markup, a link or a mention.
 */
export function renderMarkdown(analysis: Analysis): string {
  const context = markdownContext(analysis);
  const blocks = [
    ...answer(analysis),
    measured(context),
    cellsTable(context),
    escapeMarkdown(tracedText(analysis) ?? ''),
    ...comparisonRows(analysis).map(comparisonTable),
    ...analysis.causes.map(causesTable),
    tailSection(context),
    coldSection(context),
    burstSection(context),
    initPackagesSection(context),
    ...analysis.memoryScaling.map((group) => memorySection(context, group)),
    costSection(context),
    section('Backend and handlers', backendTable(context), bundleTable(analysis.run.bundles)),
    validitySection(context),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** The headline; of a gate its verdict first, and where the rest of it is. */
function answer({ headline, gate }: Analysis): string[] {
  const [first = 'No headline: see the table', ...others] = headline;
  if (gate === null) return [`## ${escapeMarkdown(first)}`, ...others.map(escapeMarkdown)];
  return [
    `## ${escapeMarkdown(`${verdictText(gate)}: ${verdictSentence(gate)}`)}`,
    `${escapeMarkdown(`${sidesText(gate)}; ${roundsText(gate)}`)}. Every row, causes and p-values: \`gate/summary.md\` of this run.`,
    ...headline.map(escapeMarkdown),
  ];
}

/** One line of what was run, on what and when. */
function measured({ analysis, cells }: MarkdownContext): string {
  const { run } = analysis;
  const { k6 } = run.fingerprint;
  const { shared } = nameCells(cells.map((cell) => cell.cell));
  return `${escapeMarkdown(shared.join(' · '))}; target ${escapeMarkdown(targetWords(run))}, k6 ${escapeMarkdown(k6)}, ${trialsACell(cells)}, ${formatInstant(run.createdAt)}, run \`${run.runId.replace(/[^\w.-]/g, '_')}\``;
}

function cellsTable({ cells, label }: MarkdownContext): string {
  return table(
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
      '$ per million',
      'at the median',
      'above p99',
      'validity',
    ],
    cells.map((cell, i) => [label(i), ...figuresOf(cell), cell.validity.state]),
  );
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
    struck(figureText(cell.cost.total)),
    bandSummary(cell, 'median'),
    bandSummary(cell, 'above_p99'),
  ];
}
