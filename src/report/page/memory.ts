import type { CellAnalysis } from '../../model/analysis.ts';
import type { Advice, MemoryScaling, ScaledQuantity } from '../../model/memory-scaling.ts';
import { memoryCharts } from '../charts/memory.ts';
import { dominatedText, efficiencyText, memoryCostChart } from '../charts/memory-cost.ts';
import { memoryFinding } from '../findings.ts';
import { type Html, html } from '../html-text.ts';
import { goalText, KIND_NAMES, QUANTITY_NAMES, surenessText, tiesText } from '../memory-words.ts';
import { onlyMemoryVaries, ratioTable } from './compared.ts';
import type { PageContext } from './context.ts';
import {
  cellLegend,
  cellName,
  chartFigure,
  chartSlot,
  dataTable,
  figureCell,
  isVoid,
  swatch,
} from './pieces.ts';

/** Groups that are open; of more the finding stands for the rest until it is opened. */
const OPEN_GROUPS = 3;

const HOW =
  'Each quantity by itself, with 95% intervals over trials, over memory in MB on a log scale; each panel has a scale of its own. A curve is drawn only where CPU time was fitted.';

/** What memory buys, what it costs and what of it is used. */
export function memory(context: PageContext): Html {
  const groups = context.analysis.memoryScaling;
  return html`${groups.map((group, i) => scalingCard(context, group, i))}${usedCard(context)}`;
}

function scalingCard(context: PageContext, group: MemoryScaling, nth: number): Html {
  const title = html`${group.label === '' ? '' : html`<span class="soft">${group.label}</span> `}${group.finding}`;
  const id = `memory-${nth + 1}`;
  if (nth < OPEN_GROUPS) {
    return html`<figure class="card" id="${id}" aria-labelledby="${id}-title"><figcaption><h3 id="${id}-title">${title}</h3><p class="soft">${HOW}</p></figcaption>${groupBody(context, group, nth + 1)}</figure>`;
  }
  return html`<details class="card factor" id="${id}"><summary><h3>${title}</h3></summary><p class="soft">${HOW}</p>${groupBody(context, group, nth + 1)}</details>`;
}

function groupBody(context: PageContext, group: MemoryScaling, nth: number): Html {
  const { cells, comparisons } = context.analysis;
  const indexes = new Map(cells.map(({ cell }, index) => [cell.id, index]));
  const charts = memoryCharts(group, nth, indexes);
  const weighed = memoryCostChart(group, nth, indexes, cells);
  const compared = comparisons.find(({ factor }) => factor === 'memoryMb');
  const drawn = [...charts.map(({ chart }) => chart), ...(weighed ? [weighed] : [])];
  return html`${adviceCards(context, group.advice)}
${charts.length > 0 ? cellLegend(context) : ''}
<div class="panels">${charts.map(
    ({ quantity, chart }) =>
      html`<div class="panel"><h4>${quantityTitle(quantity)}</h4>${chartSlot(context, chart, `${QUANTITY_NAMES[quantity.quantity].label} by memory`)}<p class="says soft">${quantity.finding}</p></div>`,
  )}</div>
<div class="panels two">${weighed === null ? '' : html`<div class="panel"><h4>Cost against ${group.rankedBy} <span class="soft">${frontText(group)}</span></h4>${chartSlot(context, weighed, `Cost against ${group.rankedBy} by memory`)}</div>`}${sizesTable(context, group, indexes)}</div>
${quantityTable(context, group, nth)}
${onlyMemoryVaries(context) && compared ? html`<h4>Ratios, paired by round</h4>${ratioTable(context, compared)}` : ''}
${dataTable(drawn)}`;
}

/** How to read the chart of cost against latency. */
function frontText(group: MemoryScaling): string {
  const axes = 'the axes do not start at 0';
  if (group.sizes.every(({ efficient }) => efficient === null)) {
    return `${axes}; rounds are too few to show a size to be worse than another at both`;
  }
  const dominated = dominatedText(group);
  const pale =
    dominated === ''
      ? 'no size is shown to be worse than another at both'
      : `pale: shown to be worse at both, ${dominated}`;
  return `${axes}; the line joins the best by value; ${pale}`;
}

/** `handler` with the kind of its scaling: `staircase`. */
function quantityTitle({ quantity, kind }: ScaledQuantity): Html {
  const { label, is } = QUANTITY_NAMES[quantity];
  return html`<span title="${is}">${label}</span> <span class="kind ${kind}">${KIND_NAMES[kind]}</span>`;
}

function adviceCards(context: PageContext, advice: readonly Advice[]): Html | null {
  if (advice.length === 0) return null;
  const { cells } = context.analysis;
  return html`<dl class="advice">${advice.map((one) => {
    const index = cells.findIndex(({ cell }) => cell.id === one.cellId);
    const size =
      one.memoryMb === null
        ? html`<span class="none">no size</span>`
        : html`${index >= 0 ? swatch(context, index) : ''}${one.memoryMb} MB`;
    const ties = tiesText(one);
    return html`<div class="${one.sureness}"><dt>${goalText(one, context.analysis.run.plan.slo)}</dt><dd class="size">${size}</dd><dd class="sure">${surenessText(one)}${ties === '' ? '' : html`; ${ties}`}</dd><dd class="soft">${one.finding}</dd></div>`;
  })}</dl>`;
}

function sizesTable(
  context: PageContext,
  group: MemoryScaling,
  indexes: ReadonlyMap<string, number>,
): Html {
  const { cells } = context.analysis;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Sizes ${group.label}"><table><caption class="hidden">Sizes ${group.label}</caption><thead><tr><th scope="col">size</th><th scope="col">quota per 20 ms</th><th scope="col">CPU of a call</th><th scope="col" class="t">fits</th><th scope="col">per million</th><th scope="col" class="t">on the front</th></tr></thead><tbody>${group.sizes.map(
    (size) => {
      const index = indexes.get(size.cellId) ?? -1;
      const cell = cells[index];
      const struck = cell !== undefined && isVoid(cell);
      const fits = size.fitsInPeriod === null ? 'not known' : size.fitsInPeriod ? 'yes' : 'no';
      const name = html`${index >= 0 ? swatch(context, index) : ''}${struck ? html`<s>${size.memoryMb} MB</s>` : `${size.memoryMb} MB`}`;
      return html`<tr${struck ? html` class="void"` : ''}><th scope="row"><span class="cell brief">${name}</span></th><td>${size.quotaMs.toFixed(1)} ms</td><td>${figureCell(size.cpuPerCallMs, struck)}</td><td class="t">${fits}</td><td>${figureCell(size.costUsd, struck)}</td><td class="t wrap">${efficiencyText(size)}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

/** Every figure of the panels, and of the fits. */
function quantityTable(
  { analysis }: PageContext,
  { label, sizes, quantities }: MemoryScaling,
  nth: number,
): Html {
  const voids = new Set(analysis.cells.filter(isVoid).map(({ cell }) => cell.id));
  const fitted = quantities.some(({ fit }) => fit !== null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Scaling ${label}"><table id="scaling-${nth}"><caption class="hidden">Scaling ${label}</caption><thead><tr><th scope="col">quantity</th>${sizes.map(({ memoryMb, cellId }) => html`<th scope="col">${voids.has(cellId) ? html`<s>${memoryMb} MB</s>` : `${memoryMb} MB`}</th>`)}<th scope="col">largest ÷ smallest</th><th scope="col" class="t">scaling</th>${fitted ? html`<th scope="col">constant a</th><th scope="col">CPU time b</th><th scope="col">vCPUs used s</th><th scope="col">off the curve</th>` : ''}</tr></thead><tbody>${quantities.map(
    ({ quantity, points, kind, fit, ratio }) =>
      html`<tr><th scope="row">${QUANTITY_NAMES[quantity].label}</th>${sizes.map(({ cellId }) => {
        const point = points.find((one) => one.cellId === cellId);
        return html`<td>${point ? figureCell(point.figure, voids.has(cellId)) : '–'}</td>`;
      })}<td>${figureCell(ratio)}</td><td class="t">${KIND_NAMES[kind]}</td>${fitted ? (fit === null ? html`<td colspan="4" class="t soft">no fit</td>` : html`<td>${figureCell(fit.aMs)}</td><td>${figureCell(fit.bMs)}</td><td>${fit.s}</td><td>${(fit.lackOfFitShare * 100).toFixed(1)}%</td>`) : ''}</tr>`,
  )}</tbody></table></div>${fitted ? html`<p class="note soft">d(M) = a + b ÷ min(M ÷ 1769, s): b is CPU time at one vCPU, a what no size changes.</p>` : ''}`;
}

function memoryText({ cell: { endpoint } }: CellAnalysis): string {
  return endpoint.memoryMb === null ? 'not known' : `${endpoint.memoryMb} MB`;
}

function usedCard(context: PageContext): Html {
  const row = (cell: CellAnalysis, index: number) =>
    html`<tr${isVoid(cell) ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${memoryText(cell)}</td><td>${figureCell(cell.memory.usedMaxMb, isVoid(cell))}</td><td>${figureCell(cell.memory.billedMsMedian, isVoid(cell))}</td><td>${figureCell(cell.explained.medianUnexplainedMs, isVoid(cell))}</td></tr>`;
  return chartFigure({
    id: 'memory',
    title: memoryFinding(context.named),
    subtitle: 'The most that any REPORT line says, and the median of the billed time.',
    body: html`<div class="scroll tall" tabindex="0" role="region" aria-label="Memory by cell"><table><caption class="hidden">Memory by cell</caption><thead><tr><th scope="col">cell</th><th scope="col">memory</th><th scope="col">most used</th><th scope="col">billed, median</th><th scope="col">unexplained, median</th></tr></thead><tbody>${context.analysis.cells.map(row)}</tbody></table></div>`,
  });
}
