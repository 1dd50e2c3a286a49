import { PARTS } from '../../model/tables.ts';
import { bandCharts } from '../charts/where-time-goes.ts';
import { bandFinding } from '../findings.ts';
import { type Html, html } from '../html-text.ts';
import { bandName } from '../labels.ts';
import { tracedText } from '../traced-words.ts';
import type { PageContext } from './context.ts';
import { chartFigure, chartSlot, dataTable, partLegend } from './pieces.ts';

/** The mean of each part from the median to the tail. */
export function bands(context: PageContext): Html {
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
    subtitle: [
      'Means of each part over the requests whose latency lies between two percentiles of the cell’s hold phase; the parts sum to the client’s total. Each panel has a scale of its own.',
      tracedText(context.analysis) ?? '',
    ]
      .join(' ')
      .trim(),
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
