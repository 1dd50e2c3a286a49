import { formatMs, formatShare, threeDigits } from '../../base/numbers.ts';
import type { Figure } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import { tailCharts, tailsOf } from '../charts/tail.ts';
import { type CellTail, isTold, shareParts, type TailQuantile } from '../charts/tail-rows.ts';
import { isSpokenOf } from '../findings.ts';
import { formatCount, intervalKind } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import { partLabel, quantileLabel } from '../labels.ts';
import type { PageContext } from './context.ts';
import { cellName, chartSlot, dataTable, figureCell, isVoid, partLegend } from './pieces.ts';

const QUANTILES: readonly TailQuantile[] = ['p95', 'p99', 'p999'];
const NO_BREAKDOWN = 'No request has a breakdown.';
/** Of more cells the operations' table is folded. */
const OPEN_CELLS = 4;

/**
 * Why p99: what the slowest requests take longer than the middle, by part. The choice of the quantile
 * is a radio button each and needs no script: the style shows what is chosen.
 */
export function tails(context: PageContext): Html | null {
  const { cells } = context.analysis;
  // Of forced cold starts alone there is no tail to explain.
  if (cells.length > 0 && cells.every(({ coldStarts }) => coldStarts.forced)) return null;
  const known = QUANTILES.map((quantile) => ({ quantile, shown: tailsOf(cells, quantile) })).filter(
    ({ shown }) => shown.length > 0,
  );
  if (known.length === 0) {
    const said = cells.flatMap(
      ({ tails: all }) => all.find(({ quantile }) => quantile === 'p99')?.finding ?? [],
    );
    return html`<figure class="card" id="tails"><figcaption><h3>Why p99 is what it is cannot be told</h3></figcaption><p class="empty">${said[0] ?? NO_BREAKDOWN}</p></figure>`;
  }
  const chosen = known.find(({ quantile }) => quantile === 'p99') ?? known[0];
  return html`<div class="card tails" id="tails">
<fieldset class="quantiles"><legend>Why is it what it is?</legend>${known.map(
    ({ quantile }) =>
      html`<label><input type="radio" name="tail" id="tail-${quantile}" value="${quantile}"${quantile === chosen?.quantile ? html` checked` : ''}> ${quantileLabel(quantile)}</label>`,
  )}</fieldset>
${known.map(({ quantile, shown }) => tailFigure(context, quantile, shown))}
</div>`;
}

function tailFigure(context: PageContext, quantile: TailQuantile, shown: CellTail[]): Html {
  const { cells } = context.analysis;
  const name = quantileLabel(quantile);
  const charts = tailCharts(shown, quantile, context.names.labels);
  const used = new Set(
    PARTS.filter((part) =>
      shown.some(({ tail }) => tail.parts.some((one) => one.part === part && isTold(one))),
    ),
  );
  return html`<figure class="tail tail-${quantile}" aria-labelledby="tail-${quantile}-title">
<figcaption><h3 id="tail-${quantile}-title">${title(context, shown, quantile)}</h3><p class="soft">Mean of requests above ${name} of the hold phase minus the mean of those around the median (p45–p55), cut by part; the parts’ differences sum to the whole. Shares are of that difference, intervals over trials; parts below 1% of it have no column.</p></figcaption>
<div class="legend-line">${partLegend(context, used)}<ul class="legend parts"><li><i class="key square"></i>${name}</li><li><i class="key diamond"></i>${name} without cold starts</li></ul></div>
<div class="panels${charts.length > 1 ? ' two' : ''}">${charts.map(
    ({ cell, chart }) =>
      html`<div class="panel">${cell === null || cells.length === 1 ? '' : html`<h4>${cellName(context, cell)}</h4>`}${chartSlot(context, chart, `Why ${name} is what it is${cell === null ? '' : `, ${context.names.labels[cell]}`}`)}</div>`,
  )}</div>
${sharesTable(context, quantile, shown, used)}
${operationsTable(context, quantile, shown)}${untold(context, quantile)}
${dataTable(charts.map(({ chart }) => chart))}
</figure>`;
}

/** Cells whose tail cannot be compared with their middle, and why. */
function untold(context: PageContext, quantile: TailQuantile): Html | null {
  const rows = context.analysis.cells.flatMap(({ tails: all }, index) => {
    const tail = all.find((one) => one.quantile === quantile);
    return tail && tail.parts.length > 0 ? [] : [{ index, why: tail?.finding ?? NO_BREAKDOWN }];
  });
  if (rows.length === 0) return null;
  return html`<details class="more"><summary>${rows.length} ${rows.length === 1 ? 'cell' : 'cells'} of which it cannot be told</summary><ul class="told">${rows.map(({ index, why }) => html`<li>${cellName(context, index)} ${why}</li>`)}</ul></details>`;
}

/** What the slowest cell finds of those that may be spoken of. */
function title(context: PageContext, shown: readonly CellTail[], quantile: TailQuantile): Html {
  const worst = shown.find(({ cell, tail }) => isSpokenOf(cell) && tail.leading !== null);
  if (worst === undefined) return html`No cell’s ${quantileLabel(quantile)} can be explained`;
  const finding = worst.tail.finding.replace(/\.$/, '');
  if (context.analysis.cells.length === 1) return html`${finding}`;
  return html`${finding} <span class="soft">at ${context.names.labels[worst.index]}, where ${quantileLabel(quantile)} is highest</span>`;
}

function sharesTable(
  context: PageContext,
  quantile: TailQuantile,
  shown: readonly CellTail[],
  used: ReadonlySet<string>,
): Html {
  const { cells } = context.analysis;
  const name = quantileLabel(quantile);
  const parts = PARTS.filter((part) => used.has(part));
  const time = (ms: number | null, struck: boolean) =>
    struck ? html`<s>${formatMs(ms)}</s>` : formatMs(ms);
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Why ${name}, by cell"><table><caption class="hidden">Why ${name}, by cell: shares of the difference by part</caption><thead><tr><th scope="col">cell</th><th scope="col">${name}</th><th scope="col">without cold starts</th><th scope="col">requests above</th><th scope="col">of them cold</th><th scope="col">mean around the median</th><th scope="col">mean above ${name}</th>${parts.map(
    (part) =>
      html`<th scope="col">${partLabel(
        part,
        cells.map(({ cell }) => cell),
      )}</th>`,
  )}</tr></thead><tbody>${shown.map(({ index, cell, tail }) => {
    const struck = isVoid(cell);
    return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${figureCell(cell.latency[quantile], struck)}</td><td>${figureCell(tail.withoutCold, struck)}</td><td>${formatCount(tail.requests)}</td><td>${tail.requests === 0 ? '–' : formatShare(tail.coldRequests / tail.requests)}</td><td>${time(tail.middleTotalMs, struck)}</td><td>${time(tail.tailTotalMs, struck)}</td>${parts.map(
      (part) => {
        const own = tail.parts.find((one) => one.part === part);
        const lead = part === tail.leading && !struck;
        return html`<td${lead ? html` class="lead"` : ''}>${own === undefined ? '–' : shareCell(own.share, struck)}</td>`;
      },
    )}</tr>`;
  })}</tbody></table></div>`;
}

function shareCell(figure: Figure, struck: boolean): Html {
  const { value, interval } = shareParts(figure);
  if (struck) return html`<span class="figure"><b><s>${value}</s></b></span>`;
  return html`<span class="figure" title="${intervalKind(figure)}; n = ${formatCount(figure.n)}"><b>${value}</b> <small>${interval}</small></span>`;
}

function operationsTable(
  context: PageContext,
  quantile: TailQuantile,
  shown: readonly CellTail[],
): Html {
  const name = quantileLabel(quantile);
  const rows = shown.flatMap(({ index, cell, tail }) =>
    tail.operations.map((operation, i) => ({ index, cell, operation, first: i === 0 })),
  );
  const table = html`<div class="scroll tall" tabindex="0" role="region" aria-label="Operations above ${name}"><table><caption class="hidden">Operations above ${name}</caption><thead><tr><th scope="col">cell</th><th scope="col" class="t">operation</th><th scope="col">requests above</th><th scope="col">share of them</th><th scope="col">share of all</th><th scope="col">against all</th><th scope="col" class="t">what makes them slower</th></tr></thead><tbody>${rows.map(
    ({ index, cell, operation, first }) => {
      const struck = isVoid(cell);
      const { shareOfTail, shareOfAll, leading, leadingShare } = operation;
      const share = (value: number) =>
        struck ? html`<s>${formatShare(value)}</s>` : formatShare(value);
      const times = shareOfAll > 0 ? `${threeDigits(shareOfTail / shareOfAll)}×` : '–';
      const why =
        leading === null
          ? '–'
          : `${partLabel(leading, [cell.cell])}${leadingShare === null ? '' : ` ${formatShare(leadingShare)}`}`;
      return html`<tr class="${first ? 'first ' : ''}${struck ? 'void' : ''}"><th scope="row">${first ? cellName(context, index) : html`<span class="again">${context.names.labels[index]}</span>`}</th><td class="t">${operation.operation}</td><td>${formatCount(operation.requests)}</td><td>${share(shareOfTail)}</td><td>${share(shareOfAll)}</td><td>${struck ? html`<s>${times}</s>` : times}</td><td class="t">${struck ? html`<s>${why}</s>` : why}</td></tr>`;
    },
  )}</tbody></table></div>`;
  const heading = `Operations above ${name}`;
  return shown.length <= OPEN_CELLS
    ? html`<h4>${heading}</h4>${table}`
    : html`<details class="more"><summary>${heading}</summary>${table}</details>`;
}
