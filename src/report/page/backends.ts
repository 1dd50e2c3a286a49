import { shortened } from '../../base/digest.ts';
import { formatBytes, formatMs, threeDigits } from '../../base/numbers.ts';
import { bundleKey } from '../../model/endpoint.ts';
import type { RepeatedMs } from '../../model/run.ts';
import { backendCharts, MOST_CELLS } from '../charts/backend-calls.ts';
import { backendFinding, bundleFinding } from '../findings.ts';
import { formatCount, rangeText } from '../format.ts';
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

/** Calls to the backend and their time per request, so that one call per list member is seen. */
export function backends(context: PageContext): Html {
  const { cells } = context.analysis;
  const charts = backendCharts(cells);
  const rows = cells.flatMap((cell, index) => [
    { cell, index, operation: null },
    ...cell.byOperation.map((operation) => ({ cell, index, operation })),
  ]);
  const tooMany =
    cells.length > MOST_CELLS
      ? ` ${cells.length} cells are too many to draw (${MOST_CELLS} are the most).`
      : '';
  return chartFigure({
    id: 'backends',
    title: backendFinding(context.named),
    subtitle: `From the traces of answered requests: a call is a backend subsegment of the handler, its time the length of their union.${tooMany}`,
    legend: charts.length > 0 ? cellLegend(context) : '',
    body:
      charts.length > 0
        ? html`<div class="panels${context.names.labels.some((label) => label.length > 16) ? ' two' : ''}">${charts.map(({ operation, chart }) => html`<div class="panel"><h4>${operation} <span class="soft">mean calls a request · median time in them</span></h4>${chartSlot(context, chart, `Calls to the backend of ${operation}`)}</div>`)}</div>`
        : '',
    after: html`<div class="scroll tall" tabindex="0" role="region" aria-label="Backend calls"><table><caption class="hidden">Backend calls by cell and operation</caption><thead><tr><th scope="col">cell</th><th scope="col" class="t">operation</th><th scope="col">mean calls</th><th scope="col">median</th><th scope="col">most</th><th scope="col">median time in calls</th></tr></thead><tbody>${rows.map(
      ({ cell, index, operation }) => {
        const struck = isVoid(cell);
        const start = html`<tr class="${operation === null ? 'first ' : ''}${struck ? 'void' : ''}"><th scope="row">${operation === null ? cellName(context, index) : html`<span class="again">${context.names.labels[index]}</span>`}</th>`;
        if (operation === null) {
          const { callsMean, callsMedian, medianMs } = cell.backend;
          if (callsMean.value === null) {
            return html`${start}<td class="t">all</td><td class="t soft why" colspan="4">${callsMean.note}</td></tr>`;
          }
          return html`${start}<td class="t">all</td><td>${figureCell(callsMean, struck)}</td><td>${figureCell(callsMedian, struck)}</td><td>–</td><td>${figureCell(medianMs, struck)}</td></tr>`;
        }
        if (cell.backend.callsMean.value === null) return null;
        const count = (calls: number | null) => {
          if (calls === null) return '–';
          const text = Number.isInteger(calls) ? formatCount(calls) : threeDigits(calls);
          return struck ? html`<s>${text}</s>` : text;
        };
        return html`${start}<td class="t">${operation.operation}</td><td>${count(operation.meanBackendCalls)}</td><td>${count(operation.medianBackendCalls)}</td><td>${count(operation.maxBackendCalls)}</td><td>${figureCell(operation.medianBackendMs, struck)}</td></tr>`;
      },
    )}</tbody></table></div>${dataTable(charts.map(({ chart }) => chart))}`,
  });
}

/** The code that was deployed: what it weighs and what loading it costs. */
export function handlers({ analysis }: PageContext): Html | null {
  const { bundles } = analysis.run;
  if (bundles.length === 0) return null;
  return html`<div class="card" id="handlers"><h3>${bundleFinding(bundles)}</h3>
<p class="soft">One bundle for each combination of server, backend, data layer and batching. Load is importing the handler’s module, init the whole initialisation; both were measured before any load: median, and least to most.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Handlers"><table><caption class="hidden">Handlers</caption><thead><tr><th scope="col">handler</th><th scope="col">size</th><th scope="col">gzip</th><th scope="col">load</th><th scope="col">init</th><th scope="col" class="t">SHA-256</th></tr></thead><tbody>${bundles.map(
    (bundle) =>
      html`<tr><th scope="row">${bundleKey(bundle)}</th><td>${formatBytes(bundle.bytes)}</td><td>${formatBytes(bundle.gzipBytes)}</td><td>${repeated(bundle.load)}</td><td>${repeated(bundle.init)}</td><td class="t"><code title="${bundle.sha256}">${shortened(bundle.sha256)}</code></td></tr>`,
  )}</tbody></table></div></div>`;
}

function repeated(times: RepeatedMs | null): Html {
  if (times === null) return html`<span title="it was not measured">–</span>`;
  return html`<span class="figure" title="median and range of ${times.n}"><b>${formatMs(times.medianMs)}</b> <small>${rangeText(times)}</small></span>`;
}
