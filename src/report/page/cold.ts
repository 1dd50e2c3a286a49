import { coldByMemoryCharts } from '../charts/cold-by-memory.ts';
import { coldCharts } from '../charts/cold-starts.ts';
import { drawnOfAll } from '../charts/thin.ts';
import { coldFinding, isColdKnown } from '../findings.ts';
import { formatCount } from '../format.ts';
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
} from './pieces.ts';

/** What a cold start costs: its parts by memory, every cold request, all figures as a table. */
export function cold(context: PageContext): Html {
  const { cells } = context.analysis;
  const dots = coldCharts(cells);
  const byMemory = coldByMemoryCharts(cells, context.names.labels);
  const thinned = dots
    ? drawnOfAll(dots.drawn, dots.requests, {
        what: 'cold requests',
        each: 'cell',
        all: 'medians, intervals and numbers are',
      })
    : '';
  const which = thinned === '' ? 'every cold request' : 'cold requests';
  const forced = cells.filter(({ coldStarts }) => coldStarts.forced).length;
  const how =
    forced === 0
      ? ''
      : ` ${forced === cells.length ? 'All' : `Those of ${forced} cells`} were forced by changing the function, one at a time; their share of requests says nothing and is not shown.`;
  const lines =
    byMemory.length > 0
      ? html`<div class="panels">${byMemory.map(
          ({ panel, chart }) =>
            html`<div class="panel"><h4>${panel.title}${panel.times.length > 1 ? html` <span class="soft">● first, ○ later ones</span>` : ''}</h4>${chartSlot(context, chart, `${panel.title} by memory`)}</div>`,
        )}</div>`
      : '';
  return chartFigure({
    id: 'cold',
    title: coldFinding(context.named),
    subtitle: `A cold request waited for the initialisation of its environment.${how}${byMemory.length > 0 ? ' Lines join cells that differ in memory alone; bars are 95% intervals, cut where they are many times the value. Connection set-up is the backend time of first calls minus that of later ones, the penalty the latency of cold requests minus that of warm ones.' : ''} Every dot is a cold request, of all phases and trials; the line through the dots is the median, the bar its 95% interval, the number its requests.${thinned}`,
    legend: dots ? cellLegend(context) : '',
    body: dots
      ? html`${lines}<div class="panels two"><div class="panel"><h4>Init of ${which} <span class="soft">what it waited of it</span></h4>${chartSlot(context, dots.init, 'Init of cold requests')}</div><div class="panel"><h4>Whole latency of ${which}</h4>${chartSlot(context, dots.total, 'Latency of cold requests')}</div></div>`
      : html`<p class="empty">There is nothing to draw: no request is known to have waited for an initialisation.</p>`,
    after: html`${coldTable(context)}${prewarmedTable(context)}${disagreements(context)}${dataTable([...byMemory.map(({ chart }) => chart), ...(dots ? [dots.init, dots.total] : [])])}`,
  });
}

function coldTable(context: PageContext): Html {
  const { cells } = context.analysis;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Cold starts by cell"><table><caption class="hidden">Cold starts by cell</caption><thead><tr><th scope="col">cell</th><th scope="col">cold requests</th><th scope="col">share of all</th><th scope="col">init</th><th scope="col">billed init</th><th scope="col">first handler call</th><th scope="col">later calls</th><th scope="col">connection set-up</th><th scope="col">latency</th><th scope="col">penalty</th><th scope="col">environments</th></tr></thead><tbody>${cells.map(
    (cell, index) => {
      const one = cell.coldStarts;
      const struck = isVoid(cell);
      const count = (n: number) => (isColdKnown({ cell }) ? formatCount(n) : '–');
      const share = one.forced
        ? html`<span class="soft" title="each was made by changing the function">forced</span>`
        : figureCell(one.share, struck);
      const times = [
        one.medianInitMs,
        one.billedInitMs,
        one.firstCallMs,
        one.warmCallMs,
        one.connectionMs,
        one.medianTotalMs,
        one.penaltyMs,
      ];
      return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${count(one.requests)}</td><td>${share}</td>${times.map((figure) => html`<td>${figureCell(figure, struck)}</td>`)}<td>${count(one.environments)}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

/** Environments that were ready before their first request: no user felt them. */
function prewarmedTable(context: PageContext): Html | null {
  const rows = context.analysis.cells.flatMap((cell, index) =>
    cell.coldStarts.prewarmed.requests > 0 ? [{ cell, index }] : [],
  );
  if (rows.length === 0) return null;
  return html`<h4>Prewarmed <span class="soft">first in their environment, yet they waited for no initialisation</span></h4><div class="scroll" tabindex="0" role="region" aria-label="Prewarmed requests by cell"><table class="narrow"><caption class="hidden">Prewarmed requests by cell</caption><thead><tr><th scope="col">cell</th><th scope="col">requests</th><th scope="col">init</th><th scope="col">latency</th></tr></thead><tbody>${rows.map(
    ({ cell, index }) => {
      const { requests, medianInitMs, medianTotalMs } = cell.coldStarts.prewarmed;
      const struck = isVoid(cell);
      return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${formatCount(requests)}</td><td>${figureCell(medianInitMs, struck)}</td><td>${figureCell(medianTotalMs, struck)}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function disagreements(context: PageContext): Html | null {
  const count = context.analysis.cells.reduce(
    (sum, { coldStarts }) => sum + coldStarts.disagreements,
    0,
  );
  if (count === 0) return null;
  return html`<p class="told">Trace and REPORT line disagree on ${formatCount(count)} ${count === 1 ? 'invocation' : 'invocations'} being first in ${count === 1 ? 'its' : 'their'} environment; the REPORT line is followed.</p>`;
}
