import type { CellAnalysis } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import { coldCharts } from '../charts/cold-starts.ts';
import { memoryChart } from '../charts/memory.ts';
import { timelineCharts } from '../charts/timeline.ts';
import { bandCharts } from '../charts/where-time-goes.ts';
import {
  bandFinding,
  coldFinding,
  memoryFinding,
  operationFinding,
  timelineFinding,
} from '../findings.ts';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import { bandName } from '../labels.ts';
import { backends, handlers } from './backends.ts';
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
  partLegend,
} from './pieces.ts';

/** Two minutes: where time goes, cold starts, time, operations, memory. */
export function whySection(context: PageContext): Html {
  return html`<section id="why" aria-labelledby="why-title"><h2 id="why-title">Why</h2>
${bands(context)}${cold(context)}${timeline(context)}${operations(context)}${backends(context)}${handlers(context)}${memory(context)}
</section>`;
}

function bands(context: PageContext): Html {
  const { cells } = context.analysis;
  const charts = bandCharts(cells, context.names.labels);
  // Long names need the room of half the page.
  const wide = context.names.labels.some((label) => label.length > 16);
  const used = new Set(
    PARTS.filter((part) =>
      cells.some((cell) => cell.bands.some((band) => band.meanPartsMs[part] > 0)),
    ),
  );
  return chartFigure({
    id: 'bands',
    title: bandFinding(context.named),
    subtitle:
      'Means of each part over the requests whose latency lies between two percentiles of the cell’s hold phase; the parts sum to the client’s total. Each panel has a scale of its own.',
    legend: charts.length > 0 ? partLegend(context, used) : '',
    body:
      charts.length > 0
        ? html`<div class="panels${wide ? ' two' : ''}">${charts.map(
            ({ band, chart }) =>
              html`<div class="panel"><h4>${bandTitle(band)}</h4>${chartSlot(context, chart, `Where time goes, ${bandName(band).label}`)}</div>`,
          )}</div>`
        : html`<p class="empty">No request has a breakdown: neither traces nor REPORT lines were read.</p>`,
    after: dataTable(charts.map(({ chart }) => chart)),
  });
}

function bandTitle(band: string): Html {
  const { label, range } = bandName(band);
  return html`${label}${range === undefined ? '' : html` <span class="soft">${range}</span>`}`;
}

function cold(context: PageContext): Html {
  const { cells } = context.analysis;
  const charts = coldCharts(cells);
  const row = (cell: CellAnalysis, index: number) => {
    const { coldStarts } = cell;
    const struck = isVoid(cell);
    return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${formatCount(coldStarts.requests)}</td><td>${figureCell(coldStarts.share, struck)}</td><td>${figureCell(coldStarts.medianInitMs, struck)}</td><td>${figureCell(coldStarts.medianTotalMs, struck)}</td><td>${figureCell(coldStarts.penaltyMs, struck)}</td><td>${formatCount(coldStarts.environments)}</td><td>${formatCount(coldStarts.prewarmed.requests)}</td></tr>`;
  };
  return chartFigure({
    id: 'cold',
    title: coldFinding(context.named),
    subtitle:
      'A cold request waited for the initialisation of its environment. Every dot is one, of all phases and trials; the line is the median, the bar through it its 95% interval, the number its requests.',
    legend: charts ? cellLegend(context) : '',
    body: charts
      ? html`<div class="panels two"><div class="panel"><h4>Init <span class="soft">what the request waited of it</span></h4>${chartSlot(context, charts.init, 'Init of cold requests')}</div><div class="panel"><h4>Whole latency of a cold request</h4>${chartSlot(context, charts.total, 'Latency of cold requests')}</div></div>`
      : html`<p class="empty">There is nothing to draw: no request waited for an initialisation.</p>`,
    after: html`<div class="scroll" tabindex="0" role="region" aria-label="Cold starts by cell"><table><caption class="hidden">Cold starts by cell</caption><thead><tr><th scope="col">cell</th><th scope="col">cold requests</th><th scope="col">share of all</th><th scope="col">median init</th><th scope="col">median latency</th><th scope="col">penalty</th><th scope="col">environments</th><th scope="col">prewarmed</th></tr></thead><tbody>${cells.map(row)}</tbody></table></div>${charts ? dataTable([charts.init, charts.total]) : ''}`,
  });
}

function timeline(context: PageContext): Html {
  const { analysis } = context;
  const { charts, shownTrials, trials } = timelineCharts(analysis.cells);
  const choice =
    shownTrials.length > 1
      ? html`<label class="choice">Trial <select data-trials>${shownTrials.map((trial) => html`<option value="${trial}">${trial}</option>`)}</select></label>`
      : '';
  const which =
    shownTrials.length < trials
      ? ` (${shownTrials.length} of ${trials}; the others are in the analysis)`
      : '';
  return html`<section>${chartFigure({
    id: 'timeline',
    title: timelineFinding(context.named),
    subtitle: `Latency over the trial, all phases, log scale, the same for every cell${trials > 1 ? `; one trial at a time${which}, the title counts all` : ''}.`,
    legend: html`<div class="legend-line"><ul class="legend parts"><li><i class="key line"></i>median of a second</li><li><i class="key ring"></i>maximum</li><li><i class="key triangle"></i>cold start</li><li><i class="key cross">✕</i>failures</li></ul>${choice}</div>`,
    body:
      charts.length > 0
        ? html`<div class="panels two">${charts.map(
            ({ cell, chart }) =>
              html`<div class="panel"><h4>${cellName(context, cell)}</h4>${chartSlot(context, chart, `Latency over time, ${context.names.labels[cell]}`)}</div>`,
          )}</div>`
        : html`<p class="empty">No time line was recorded.</p>`,
    after: dataTable(charts.map(({ chart }) => chart)),
  })}</section>`;
}

function operations(context: PageContext): Html {
  const { cells } = context.analysis;
  const names = [...new Set(cells.flatMap((cell) => cell.byOperation.map((row) => row.operation)))];
  const rows = names.flatMap((name) =>
    cells.flatMap((cell, index) => {
      const row = cell.byOperation.find((candidate) => candidate.operation === name);
      return row ? [{ name, cell, index, row }] : [];
    }),
  );
  return chartFigure({
    id: 'operations',
    title: operationFinding(context.named),
    subtitle: 'By GraphQL operation. Latency of the hold phase, failures of all phases.',
    body:
      rows.length > 0
        ? html`<div class="scroll tall" tabindex="0" role="region" aria-label="Operations"><table><caption class="hidden">Operations by cell</caption><thead><tr><th scope="col">operation</th><th scope="col" class="t">cell</th><th scope="col">requests</th><th scope="col">failures</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th></tr></thead><tbody>${rows.map(
            ({ name, cell, index, row }, i) => {
              const struck = isVoid(cell);
              const first = rows[i - 1]?.name !== name;
              return html`<tr class="${first ? 'first ' : ''}${struck ? 'void' : ''}"><th scope="row">${first ? name : html`<span class="again">${name}</span>`}</th><td class="t">${cellName(context, index)}</td><td>${formatCount(row.requests)}</td><td>${formatCount(row.failures)}</td><td>${figureCell(row.p50, struck)}</td><td>${figureCell(row.p95, struck)}</td><td>${figureCell(row.p99, struck)}</td></tr>`;
            },
          )}</tbody></table></div>`
        : html`<p class="empty">No operation was answered.</p>`,
  });
}

function memory(context: PageContext): Html {
  const { cells } = context.analysis;
  const compared = context.analysis.comparisons.find(({ factor }) => factor === 'memoryMb');
  const alone = onlyMemoryVaries(context);
  // Where other factors vary too, memory is compared beside them.
  const chart = alone ? memoryChart(cells, context.names.labels) : null;
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Memory by cell"><table><caption class="hidden">Memory by cell</caption><thead><tr><th scope="col">cell</th><th scope="col">memory</th><th scope="col">most used</th><th scope="col">billed, median</th><th scope="col">unexplained, median</th></tr></thead><tbody>${cells.map(
    (cell, index) =>
      html`<tr${isVoid(cell) ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${cell.cell.endpoint.memoryMb} MB</td><td>${figureCell(cell.memory.usedMaxMb, isVoid(cell))}</td><td>${figureCell(cell.memory.billedMsMedian, isVoid(cell))}</td><td>${figureCell(cell.explained.medianUnexplainedMs, isVoid(cell))}</td></tr>`,
  )}</tbody></table></div>`;
  return chartFigure({
    id: 'memory',
    title: memoryFinding(context.named),
    subtitle: chart
      ? 'Latency by memory with 95% intervals, log scales: squares p99, circles p50. Memory used is the most that any REPORT line says, billed time the median.'
      : 'The most that any REPORT line says, and the median of the billed time.',
    legend: chart ? cellLegend(context) : '',
    body: chart
      ? html`<div class="panels two"><div class="panel">${chartSlot(context, chart, 'Latency by memory')}</div>${table}</div>`
      : table,
    after: html`${alone && compared ? html`<h4>Ratios, paired by round</h4>${ratioTable(context, compared)}` : ''}${chart ? dataTable([chart]) : ''}`,
  });
}
