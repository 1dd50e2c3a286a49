import type { CellAnalysis, Figure, Ratios } from '../../model/analysis.ts';
import type { Verdict } from '../../model/gate.ts';
import { PARTS } from '../../model/tables.ts';
import type { Chart } from '../charts/chart.ts';
import { figureText, formatCount, intervalKind, intervalText } from '../format.ts';
import { type Html, type HtmlPart, html } from '../html-text.ts';
import { PART_NAMES, partLabel } from '../labels.ts';
import { VERDICT_WORDS } from '../verdict/words.ts';
import type { PageContext } from './context.ts';

const STATES = {
  sound: { sign: '✓', label: 'sound' },
  doubtful: { sign: '!', label: 'doubtful' },
  void: { sign: '✕', label: 'void' },
  unknown: { sign: '?', label: 'unknown' },
  note: { sign: 'i', label: 'note' },
} as const;

/** A state by sign and word, never by colour alone. */
export function stateChip(state: keyof typeof STATES): Html {
  const { sign, label } = STATES[state];
  return html`<span class="chip ${state}"><span aria-hidden="true">${sign}</span> ${label}</span>`;
}

const VERDICT_SIGNS = { pass: '✓', fail: '✕', inconclusive: '?' } as const;

/** A verdict by sign and word; `brief` hides the word from those who see the sign. */
export function verdictChip(verdict: Verdict, brief = false): Html {
  const word = VERDICT_WORDS[verdict];
  return html`<span class="chip ${verdict}" title="${word}"><span aria-hidden="true">${VERDICT_SIGNS[verdict]}</span> ${brief ? html`<span class="hidden">${word}</span>` : word}</span>`;
}

/** A line in the cell's colour. */
export function swatch(context: PageContext, index: number): Html {
  return html`<i class="swatch cell-${context.colours[index]}"></i>`;
}

/** The cell's name with its swatch, struck through where it is void. */
export function cellName(context: PageContext, index: number): Html {
  const label = context.names.labels[index] ?? '';
  const isVoid = context.analysis.cells[index]?.validity.state === 'void';
  return html`<span class="cell${label.length <= 28 ? ' brief' : ''}">${swatch(context, index)}${isVoid ? html`<s>${label}</s>` : label}</span>`;
}

/** The legend of cells: buttons that bring a cell forward in every chart. */
export function cellLegend(context: PageContext): Html | null {
  const { cells } = context.analysis;
  if (cells.length < 2) return null;
  return html`<div class="legend" role="group" aria-label="Cells: press one to bring it forward in every chart">${cells.map(
    (_, index) =>
      html`<button type="button" data-cell="${index}" aria-pressed="false">${cellName(context, index)}</button>`,
  )}</div>`;
}

export function partLegend(context: PageContext, used: ReadonlySet<string>): Html {
  const cells = context.analysis.cells.map(({ cell }) => cell);
  return html`<ul class="legend parts" aria-label="Parts of a latency">${PARTS.filter((part) =>
    used.has(part),
  ).map(
    (part) =>
      html`<li title="${PART_NAMES[part].is}"><i class="dot part-${part}"></i>${partLabel(part, cells)}</li>`,
  )}</ul>`;
}

/** A figure with its interval, and what both rest on as a tooltip. */
export function figureCell(figure: Figure, struck = false): Html {
  const interval = intervalText(figure);
  const value = struck ? html`<s>${figureText(figure)}</s>` : figureText(figure);
  const why = `${intervalKind(figure)}; n = ${formatCount(figure.n)}`;
  return html`<span class="figure" title="${why}"><b>${value}</b>${interval && !struck ? html` <small>${interval}</small>` : ''}</span>`;
}

/** Table cells of ratios; one whose interval holds 1 is set back. */
export function ratioCells(
  ratios: Ratios,
  which: readonly (keyof Ratios)[] = ['p50', 'p95', 'p99', 'backendMs'],
): Html[] {
  return which.map((name) => {
    const figure = ratios[name];
    const open =
      figure.low === null || figure.high === null || (figure.low <= 1 && figure.high >= 1);
    return html`<td${open ? html` class="soft"` : ''}>${figureCell(figure)}</td>`;
  });
}

/** Where a chart is drawn. Its text is what a reader without pictures gets. */
export function chartSlot(context: PageContext, chart: Chart, description: string): Html {
  context.charts.push(chart);
  return html`<div class="chart" data-chart="${chart.id}" data-height="${chart.height}" role="img" aria-label="${description}. The numbers are in the table below the chart."></div>`;
}

/** The tables behind charts, made when they are opened. */
export function dataTable(charts: readonly Chart[]): Html | null {
  if (charts.length === 0) return null;
  return html`<details class="data" data-tables-of="${charts.map((chart) => chart.id).join(' ')}"><summary>Data as ${charts.length > 1 ? 'tables' : 'a table'}</summary><div class="tables"></div></details>`;
}

/** A chart with its finding as title and how it was measured beneath. */
export function chartFigure(options: {
  id: string;
  title: HtmlPart;
  subtitle: string;
  legend?: HtmlPart;
  body: HtmlPart;
  after?: HtmlPart;
}): Html {
  return html`<figure class="card" aria-labelledby="${options.id}-title">
<figcaption><h3 id="${options.id}-title">${options.title}</h3><p class="soft">${options.subtitle}</p></figcaption>
${options.legend}${options.body}${options.after}
</figure>`;
}

/** Behind none of the endpoints a function is known: nothing is to be shown of what went on inside. */
export function isClientSide({ analysis: { cells } }: PageContext): boolean {
  return cells.length > 0 && cells.every(({ cell }) => cell.endpoint.memoryMb === null);
}

export const isVoid = (cell: CellAnalysis) => cell.validity.state === 'void';

/** `3,000 answered requests of the hold phase, 3 trials a cell`. */
export function restsOn(context: PageContext): string {
  const { cells } = context.analysis;
  const requests = cells.reduce((sum, cell) => sum + cell.latency.p50.n, 0);
  return `${formatCount(requests)} answered requests of the hold phase, ${trialsACell(cells)}`;
}

/** `3 trials a cell`, `2 to 3 trials a cell`: those that were run, not those that were planned. */
export function trialsACell(cells: readonly CellAnalysis[]): string {
  const counts = cells.map((cell) => cell.trials);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const range = least === most ? `${most}` : `${least} to ${most}`;
  return cells.length === 0 ? 'no trial' : `${range} ${most === 1 ? 'trial' : 'trials'} a cell`;
}
