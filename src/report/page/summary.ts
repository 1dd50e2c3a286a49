import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { rankingQuantile } from '../../model/common-quantile.ts';
import { CROWDED, percentileChart } from '../charts/percentiles.ts';
import { CELL_COLOURS } from '../colours.ts';
import { answer, bandSummary, percentileFinding, rank } from '../findings.ts';
import { figureText, formatCount, formatInstant, intervalKind, intervalText } from '../format.ts';
import { type Html, html } from '../html-text.ts';
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

/** Cells that a tile names one by one; of more it gives the best and the worst. */
const TILE_CELLS = 4;
/** Characters of a sentence that is shown whole. */
const FOLD_ABOVE = 360;

/** Ten seconds: what was measured, the answer, six tiles, one chart, all cells. */
export function summarySection(context: PageContext): Html {
  const { analysis, named } = context;
  const first = answer(analysis.headline, named, analysis.cells.length);
  return html`<section id="answer" aria-labelledby="headline">
<p class="measured">${measured(context)}</p>
<h1 id="headline"${first.length > 130 ? html` class="long"` : ''}>${sentence(first)}</h1>
${analysis.headline.slice(1).map(further)}
<h2 class="hidden">At a glance</h2>
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
  const { fingerprint: host, plan } = run;
  const cpu = { quota: 'CPU in proportion to memory', none: 'no CPU quota', aws: 'AWS Lambda' }[
    host.cpuMode
  ];
  const varied = context.names.varied;
  return html`${context.names.shared.join(' · ')}${varied.map(({ name, levels }) => html` × <b>${name} ${levels.map((level) => level.replace(`${name} `, '')).join(', ')}</b>`)}${cells.length > 1 ? ` = ${cells.length} cells` : ''} — target ${plan.target} (${host.cpuModel}, ${host.cores} cores, ${cpu}), k6 ${host.k6}, ${trialsACell(cells)}, <time datetime="${run.createdAt}">${formatInstant(run.createdAt)}</time>`;
}

function tiles(context: PageContext): Html {
  const { cells } = context.analysis;
  const tile = (title: string, of: (cell: CellAnalysis) => Figure, help: string) =>
    html`<div class="tile"><dt title="${help}">${title}</dt>${tileRows(context, of)}</div>`;
  const states = (['sound', 'doubtful', 'void'] as const).map((state) => ({
    state,
    count: cells.filter((cell) => cell.validity.state === state).length,
  }));
  const checks = cells.flatMap((cell) => cell.validity.checks);
  const failing = checks.filter((check) => check.state !== 'sound').length;
  return html`<dl class="tiles">
${tile('p50', (cell) => cell.latency.p50, 'Half of the answered requests of the hold phase were faster')}
${tile('p99', (cell) => cell.latency.p99, '99% of the answered requests of the hold phase were faster')}
${tile('Cold share', (cell) => cell.coldStarts.share, 'Requests that felt a cold start, of all that reached an environment, in all phases')}
${tile('Cold penalty', (cell) => cell.coldStarts.penaltyMs, 'Median latency of cold requests minus that of warm ones')}
${tile('Failures', (cell) => cell.failureShare, 'Requests of all phases that were not answered rightly, arrivals dropped by the generator included')}
<div class="tile"><dt>Validity</dt>${states
    .filter(({ count }) => count > 0)
    .map(
      ({ state, count }) =>
        html`<dd class="row state">${stateChip(state)}<span class="value">${count}</span><span class="interval">${count === 1 ? 'cell' : 'cells'}</span></dd>`,
    )}<dd class="foot"><a href="#validity">${failing === 0 ? `all ${formatCount(checks.length)} checks passed` : `${formatCount(failing)} of ${formatCount(checks.length)} checks not passed`}</a></dd></div>
</dl>`;
}

function tileRows(context: PageContext, of: (cell: CellAnalysis) => Figure): Html[] {
  const { cells } = context.analysis;
  if (cells.length > TILE_CELLS) {
    const ranked = rank(context.named, of);
    const ends = [
      { role: 'lowest', item: ranked[0] },
      { role: 'highest', item: ranked.at(-1) },
    ];
    if (ranked.length === 0) {
      const note = context.named
        .map(({ cell }) => of(cell).note)
        .find((text) => text !== undefined);
      return [
        html`<dd class="row"><span class="value">–</span><span class="interval">${note}</span></dd>`,
      ];
    }
    return ends.map(({ role, item }) =>
      item
        ? html`<dd class="row end"><span class="who">${role}: ${cellName(context, cells.indexOf(item.cell))}</span><span class="value">${figureText(item.figure)}</span><span class="interval">${intervalText(item.figure)}</span></dd>`
        : html``,
    );
  }
  return cells.map((cell, index) => {
    const figure = of(cell);
    const value = isVoid(cell) ? html`<s>${figureText(figure)}</s>` : figureText(figure);
    const who = cells.length > 1 ? html`<span class="who">${cellName(context, index)}</span>` : '';
    return html`<dd class="row${cells.length > 1 ? '' : ' alone'}" title="${isVoid(cell) ? 'void: do not use this figure' : `${intervalKind(figure)}; n = ${formatCount(figure.n)}`}">${who}<span class="value">${value}</span><span class="interval">${isVoid(cell) ? 'void' : intervalText(figure) || (figure.value === null ? (figure.note ?? '') : '')}</span></dd>`;
  });
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
  return 'A line is a trial; dots are geometric means over trials, bars their 95% intervals.';
}

function cellsTable(context: PageContext): Html {
  const { cells } = context.analysis;
  return html`<div class="card"><h3>All cells</h3><p class="soft">Latency of the hold phase; failures and cold share of all phases; intervals are 95%.</p><div class="scroll" tabindex="0" role="region" aria-label="All cells"><table>
<caption class="hidden">All cells</caption>
<thead><tr><th scope="col">cell</th><th scope="col">requests</th><th scope="col">rate reached</th><th scope="col">failures</th><th scope="col">cold share</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th><th scope="col">p99.9</th><th scope="col">max</th><th scope="col" class="t">at the median</th><th scope="col" class="t">above p99</th></tr></thead>
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
    ];
    return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)} ${cell.validity.state === 'sound' ? '' : html`<a href="#validity-${index + 1}">${stateChip(cell.validity.state)}</a>`}</th><td>${formatCount(cell.requests)}</td>${figures.map((figure) => html`<td>${figureCell(figure, struck)}</td>`)}<td class="t wrap">${bandSummary(cell, 'median')}</td><td class="t wrap">${bandSummary(cell, 'above_p99')}</td></tr>`;
  })}</tbody></table></div></div>`;
}
