import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { checksText } from '../checks-text.ts';
import { pricesText } from '../cost-words.ts';
import { rank } from '../findings.ts';
import { figureText, formatCount, intervalKind, intervalText } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import type { PageContext } from './context.ts';
import { cellName, isVoid, stateChip } from './pieces.ts';

/** Cells that a tile names one by one; of more it gives the best and the worst. */
const TILE_CELLS = 4;

/** p50, p99, cold starts, cost, failures and validity at a glance. */
export function tiles(context: PageContext): Html {
  const { cells } = context.analysis;
  const tile = (title: string, of: (cell: CellAnalysis) => Figure, help: string) =>
    html`<div class="tile"><dt title="${help}">${title}</dt>${tileRows(context, of)}</div>`;
  const states = (['sound', 'doubtful', 'void'] as const).map((state) => ({
    state,
    count: cells.filter((cell) => cell.validity.state === state).length,
  }));
  const checks = cells.flatMap((cell) => cell.validity.checks);
  return html`<dl class="tiles">
${tile('p50', (cell) => cell.latency.p50, 'Half of the answered requests of the hold phase were faster')}
${tile('p99', (cell) => cell.latency.p99, '99% of the answered requests of the hold phase were faster')}
${coldTile(context)}
${tile('Cost per million', (cell) => cell.cost.total, `Of the whole stack, a million requests, at ${pricesText(context.analysis.prices)}`)}
${tile('Failures', (cell) => cell.failureShare, 'Requests of all phases that were not answered rightly, arrivals dropped by the generator included')}
<div class="tile"><dt>Validity</dt>${states
    .filter(({ count }) => count > 0)
    .map(
      ({ state, count }) =>
        html`<dd class="row state">${stateChip(state)}<span class="value">${count}</span><span class="interval">${count === 1 ? 'cell' : 'cells'}</span></dd>`,
    )}<dd class="foot"><a href="#validity">${checksText(checks)}</a></dd></div>
</dl>`;
}

/** How many requests felt a cold start and what it adds; of forced ones only the latter is known. */
function coldTile(context: PageContext): Html {
  const { cells } = context.analysis;
  const penalty = ({ coldStarts }: CellAnalysis) => coldStarts.penaltyMs;
  const isForced = cells.length > 0 && cells.every(({ coldStarts }) => coldStarts.forced);
  if (isForced) {
    return html`<div class="tile"><dt title="Median latency of cold requests minus that of warm ones">A cold start adds</dt>${tileRows(context, penalty)}</div>`;
  }
  return html`<div class="tile"><dt title="Requests that felt a cold start, of all that reached an environment, in all phases; and their median latency minus that of warm ones">Cold starts</dt>${tileRows(context, ({ coldStarts }) => coldStarts.share, penalty)}</div>`;
}

/** `adds` stands beneath each value: what it adds to the latency of a request. */
function tileRows(
  context: PageContext,
  of: (cell: CellAnalysis) => Figure,
  adds?: (cell: CellAnalysis) => Figure,
): Html[] {
  const { cells } = context.analysis;
  const added = (cell: CellAnalysis) => {
    if (adds === undefined || adds(cell).value === null) return '';
    const text = figureText(adds(cell));
    return html`<span class="adds">adds ${isVoid(cell) ? html`<s>${text}</s>` : html`<b>${text}</b> <span class="interval">${intervalText(adds(cell))}</span>`}</span>`;
  };
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
        ? html`<dd class="row end"><span class="who">${role}: ${cellName(context, cells.indexOf(item.cell))}</span><span class="value">${figureText(item.figure)}</span><span class="interval">${intervalText(item.figure)}</span>${added(item.cell)}</dd>`
        : html``,
    );
  }
  return cells.map((cell, index) => {
    const figure = of(cell);
    const value = isVoid(cell) ? html`<s>${figureText(figure)}</s>` : figureText(figure);
    const who = cells.length > 1 ? html`<span class="who">${cellName(context, index)}</span>` : '';
    return html`<dd class="row${cells.length > 1 ? '' : ' alone'}" title="${isVoid(cell) ? 'void: do not use this figure' : `${intervalKind(figure)}; n = ${formatCount(figure.n)}`}">${who}<span class="value">${value}</span><span class="interval">${isVoid(cell) ? 'void' : intervalText(figure) || (figure.value === null ? (figure.note ?? '') : '')}</span>${added(cell)}</dd>`;
  });
}
