import type { CellAnalysis } from '../../model/analysis.ts';
import { rankingQuantile } from '../../model/common-quantile.ts';
import { CROWDED, percentileChart } from '../charts/percentiles.ts';
import { CELL_COLOURS } from '../colours.ts';
import { answer, bandSummary, percentileFinding } from '../findings.ts';
import { formatCount, formatInstant } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import { goalText, isRecommended, surenessText } from '../memory-words.ts';
import { targetWords } from '../target-words.ts';
import type { PageContext } from './context.ts';
import {
  cellLegend,
  cellName,
  chartFigure,
  chartSlot,
  dataTable,
  figureCell,
  isVoid,
  restsOn,
  stateChip,
  trialsACell,
} from './pieces.ts';
import { tiles } from './tiles.ts';

/** Characters of a sentence that is shown whole. */
const FOLD_ABOVE = 360;

/** Ten seconds: what was measured, the answer, the size to choose, six tiles, one chart, all cells. */
export function summarySection(context: PageContext): Html {
  const { analysis, named } = context;
  const first = answer(analysis.headline, named, analysis.cells.length);
  return html`<section id="answer" aria-labelledby="headline">
<p class="measured">${measured(context)}</p>
<h1 id="headline"${first.length > 130 ? html` class="long"` : ''}>${sentence(first)}</h1>
${analysis.headline.slice(1).map(further)}
<h2 class="hidden">At a glance</h2>
${sizesToChoose(context)}
${tiles(context)}
${percentiles(context)}
${cellsTable(context)}
</section>`;
}

/** Of a gate's run: the same figures below its verdict, which is the answer. */
export function figuresSection(context: PageContext): Html {
  const { headline, gate } = context.analysis;
  const title = gate?.mode === 'paired' ? 'Base and head side by side' : 'Figures of head';
  return html`<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">${title}</h2>
${headline.map(further)}
${sizesToChoose(context)}
${tiles(context)}
${percentiles(context)}
${cellsTable(context)}
</section>`;
}

/** A sentence over many cells is folded: the tables say the same. */
function further(text: string): Html {
  if (text.length <= FOLD_ABOVE) return html`<p class="further">${sentence(text)}</p>`;
  return html`<details class="further"><summary>${text.slice(0, 90)} …</summary>${sentence(text)}</details>`;
}

/** A sentence with its intervals set back: `p99 is 41 ms [38, 45]`. */
function sentence(text: string): Html[] {
  return text
    .split(/(\[[\d.,\s–-]+\])/)
    .map((piece, i) => (i % 2 === 1 ? html`<span class="ci">${piece}</span>` : html`${piece}`));
}

/** `dynamo · rest-api · … , memory varied, on local (2 cores …), k6 2.2.0, 3 trials, 2026-11-20`. */
export function measured(context: PageContext): Html {
  const { run, cells } = context.analysis;
  const { varied, shared } = context.names;
  const start =
    cells.length === 0
      ? ''
      : html`${shared.join(' · ')}${varied.map(({ name, levels }) => html` × <b>${name} ${levels.map((level) => level.replace(`${name} `, '')).join(', ')}</b>`)}${cells.length > 1 ? ` = ${cells.length} cells` : ''} — `;
  return html`${start}target ${targetWords(run)}, k6 ${run.fingerprint.k6}, ${trialsACell(cells)}, <time datetime="${run.createdAt}">${formatInstant(run.createdAt)}</time>`;
}

/** Groups whose advice stands on the first screen. */
const ADVISED_GROUPS = 3;

/** What the run recommends of memory sizes, where it is more than a guess. */
function sizesToChoose({ analysis }: PageContext): Html[] {
  const groups = analysis.memoryScaling.map((group, nth) => ({
    group,
    nth,
    advice: group.advice.filter(isRecommended),
  }));
  const advised = groups.filter(({ advice }) => advice.length > 0);
  const more = advised.length - ADVISED_GROUPS;
  const shown = advised.slice(0, ADVISED_GROUPS);
  return shown.map(
    ({ group, nth, advice }, i) =>
      html`<ul class="sizes" aria-label="Recommended memory ${group.label}"><li class="soft">${group.label === '' ? 'Memory' : group.label}</li>${advice.map((one) => html`<li>${goalText(one, analysis.run.plan.slo)} <b>${one.memoryMb} MB</b> <span class="soft">${surenessText(one)}</span></li>`)}<li><a href="#memory-${nth + 1}">why</a>${more > 0 && i === shown.length - 1 ? html` <span class="soft">and ${more} more there</span>` : ''}</li></ul>`,
  );
}

function percentiles(context: PageContext): Html {
  const { cells } = context.analysis;
  const chart = percentileChart(cells, context.names.labels);
  const title = percentileFinding(context.named);
  const drawn = !!chart.data.curve?.rows.length;
  return chartFigure({
    id: 'percentiles',
    title,
    subtitle: `Latency by percentile, as the client saw it: ${restsOn(context)}. ${lines(cells)}`,
    legend: cellLegend(context),
    body: drawn
      ? chartSlot(context, chart, `Percentile curves. ${title}`)
      : html`<p class="empty">No request of the hold phase was answered.</p>`,
    after: drawn ? dataTable([chart]) : '',
  });
}

function lines(cells: readonly CellAnalysis[]): string {
  if (cells.length > CROWDED) {
    const { name } = rankingQuantile(cells);
    const colours =
      cells.length > CELL_COLOURS ? ` Only the lowest and the highest ${name} have a colour.` : '';
    return `A line is the trial whose ${name} is nearest to its cell’s; press a cell to see its figures and intervals.${colours}`;
  }
  if (cells.every((cell) => cell.trials <= 1)) {
    const known = cells.some(({ latency }) => latency.p50.low !== null || latency.p99.low !== null);
    const line = cells.length === 1 ? 'The line is its trial' : 'A line is a cell';
    return known
      ? `${line}; bars are 95% intervals within one trial, true only if its requests are independent.`
      : `${line}; one trial gives no interval.`;
  }
  const bars = cells.some(({ latency }) => latency.p50.interval === 'trials_t')
    ? 'bars their 95% intervals'
    : 'an interval needs three trials';
  return `A line is a trial; dots are geometric means over trials, ${bars}.`;
}

function cellsTable(context: PageContext): Html {
  const { cells } = context.analysis;
  return html`<div class="card"><h3>All cells</h3><p class="soft">Latency of the hold phase; failures and cold share of all phases; intervals are 95%.</p><div class="scroll" tabindex="0" role="region" aria-label="All cells"><table>
<caption class="hidden">All cells</caption>
<thead><tr><th scope="col">cell</th><th scope="col">requests</th><th scope="col">rate reached</th><th scope="col">failures</th><th scope="col">cold share</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th><th scope="col">p99.9</th><th scope="col">max</th><th scope="col">$ per million</th><th scope="col" class="t">at the median</th><th scope="col" class="t">above p99</th></tr></thead>
<tbody>${cells.map((cell, index) => {
    const struck = isVoid(cell);
    const { latency } = cell;
    const figures = [
      cell.rateReached,
      cell.failureShare,
      cell.coldStarts.share,
      latency.p50,
      latency.p95,
      latency.p99,
      latency.p999,
      latency.max,
      cell.cost.total,
    ];
    return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)} ${cell.validity.state === 'sound' ? '' : html`<a href="#validity-${index + 1}">${stateChip(cell.validity.state)}</a>`}</th><td>${formatCount(cell.requests)}</td>${figures.map((figure) => html`<td>${figureCell(figure, struck)}</td>`)}<td class="t wrap">${bandSummary(cell, 'median')}</td><td class="t wrap">${bandSummary(cell, 'above_p99')}</td></tr>`;
  })}</tbody></table></div></div>`;
}
