import type { Comparison } from '../../model/analysis.ts';
import { FACTOR_NAMES, levelText } from '../../model/cell-names.ts';
import { comparisonCharts, isDrawn, MOST_LEVELS, MOST_PANELS } from '../charts/comparison.ts';
import { tailOf } from '../comparison-rows.ts';
import { type Html, html } from '../html-text.ts';
import { causesCard } from './causes.ts';
import type { PageContext } from './context.ts';
import {
  chartSlot,
  dataTable,
  figureCell,
  isVoid,
  ratioCells,
  swatch,
  trialsACell,
} from './pieces.ts';

/** Whether memory is all that varies: then its own chart shows it, with the ratios beneath. */
export function onlyMemoryVaries({ analysis }: PageContext): boolean {
  const [only, ...others] = analysis.comparisons;
  return others.length === 0 && only?.factor === 'memoryMb' && only.panels.length === 1;
}

/** One factor at a time, all others held; each is folded behind its finding. */
export function comparedSection(context: PageContext): Html | null {
  const { comparisons, causes } = context.analysis;
  if (comparisons.length === 0 || onlyMemoryVaries(context)) return null;
  // Of a gate base and head come first: they are what was asked, and no difference of theirs is ranked.
  const isRevision = ({ factor }: Comparison) => factor === 'revision';
  const ordered = [...comparisons].sort((a, b) => Number(isRevision(b)) - Number(isRevision(a)));
  const open = comparisons.find(isRevision) ?? mostTelling(comparisons);
  return html`<section id="compared" aria-labelledby="compared-title"><h2 id="compared-title">Compared</h2>
<p class="lead soft">Cells that differ in one factor, all others held. ${ordered.length > 1 ? html`By ${ordered.map(({ factor }, i) => html`${i > 0 ? ', ' : ''}<a href="#compared-${factor}">${FACTOR_NAMES[factor]}</a>`)}.` : ''}</p>
${ordered.map((comparison) => comparisonCard(context, comparison, comparison === open))}
${causes.map((one) => causesCard(context, one))}
</section>`;
}

/** The one whose largest ratio of p50 is the largest; ratios whose interval holds 1 come last. */
function mostTelling(comparisons: readonly Comparison[]): Comparison | undefined {
  const telling = ({ panels }: Comparison) =>
    Math.max(
      0,
      ...panels.flatMap(({ members }) =>
        members.map(({ ratios }) => {
          const { value, low, high } = ratios?.p50 ?? { value: null, low: null, high: null };
          const shown = low !== null && high !== null && (low > 1 || high < 1);
          return Math.abs(Math.log(value ?? 1)) + (shown ? 1000 : 0);
        }),
      ),
    );
  return [...comparisons].sort((a, b) => telling(b) - telling(a))[0];
}

function comparisonCard(context: PageContext, comparison: Comparison, open: boolean): Html {
  const { cells } = context.analysis;
  const { factor, finding, panels } = comparison;
  const drawn = isDrawn(comparison) ? comparisonCharts(comparison, cells) : null;
  const intervals = cells.every(({ trials }) => trials <= 1)
    ? ', bars 95% intervals within one trial, true only if its requests are independent'
    : cells.some(({ latency }) => latency.p50.interval === 'trials_t')
      ? ', bars their 95% intervals'
      : '; an interval needs three trials';
  const how = drawn
    ? `Latency of the hold phase, ${drawn.isLog ? 'log scale' : 'from 0'}, the same scale in every panel: circles p50, squares ${drawn.tail}${intervals} (${trialsACell(cells)}).`
    : isDrawn(comparison)
      ? 'No cell has a figure to draw.'
      : `${panels.length} panels of up to ${Math.max(...panels.map(({ members }) => members.length))} levels are too many to draw (${MOST_PANELS} of ${MOST_LEVELS} are the most): the table has them all.`;
  return html`<details class="card factor" id="compared-${factor}"${open ? html` open` : ''}><summary><h3><span class="soft">${FACTOR_NAMES[factor]}</span> ${finding}</h3></summary>
<p class="soft">${how} Ratios are paired by round: each round’s figure divided by that of the same round, their geometric mean, from three rounds on with a t interval on the logarithms.${factor === 'revision' ? ' These intervals are of one look and one ratio each: the verdict rests on its own.' : ''}</p>
${drawn ? html`<div class="panels${panels.length > 1 ? ' two' : ''}">${drawn.charts.map((chart, i) => panelFigure(comparison, i, chartSlot(context, chart, `${FACTOR_NAMES[factor]} compared${panels[i]?.label ? ` at ${panels[i]?.label}` : ''}`)))}</div>` : ''}
${ratioTable(context, comparison)}
${drawn ? dataTable(drawn.charts) : ''}
</details>`;
}

function panelFigure({ panels }: Comparison, i: number, slot: Html): Html {
  const label = panels[i]?.label ?? '';
  return html`<div class="panel">${label === '' ? '' : html`<h4>${label}</h4>`}${slot}</div>`;
}

/** Every panel and level with its figures and its ratios to the reference. */
export function ratioTable(context: PageContext, { factor, panels }: Comparison): Html {
  const { cells } = context.analysis;
  const name = FACTOR_NAMES[factor];
  const tail = tailOf(cells);
  const labelled = panels.some(({ label }) => label !== '');
  const rows = panels.flatMap(({ label, reference, members }) =>
    members.map((member, i) => ({ ...member, label, reference, first: i === 0 })),
  );
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Ratios by ${name}"><table class="ratios"><caption class="hidden">Ratios by ${name}</caption><thead><tr>${labelled ? html`<th scope="col">held</th>` : ''}<th scope="col"${labelled ? html` class="t"` : ''}>${name}</th><th scope="col">p50</th><th scope="col">${tail}</th><th scope="col" class="t">divided by</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th><th scope="col">backend time</th></tr></thead><tbody>${rows.map(
    ({ level, cellId, ratios, label, reference, first }) => {
      const index = cells.findIndex(({ cell }) => cell.id === cellId);
      const cell = cells[index];
      if (cell === undefined) return null;
      const struck = isVoid(cell);
      const text = levelText(factor, level);
      const shown = html`<span class="cell brief">${swatch(context, index)}${struck ? html`<s>${text}</s>` : text}</span>`;
      const lead = labelled
        ? html`<th scope="row">${first ? label : html`<span class="again">${label}</span>`}</th><td class="t">${shown}</td>`
        : html`<th scope="row">${shown}</th>`;
      const compared =
        ratios !== null && reference !== null
          ? html`<td class="t">${levelText(factor, reference)}</td>${ratioCells(ratios)}`
          : html`<td class="t soft" colspan="5">${struck ? 'void: no ratio is stated' : level === reference ? 'others are divided by this' : 'has no figures'}</td>`;
      return html`<tr class="${first ? 'first ' : ''}${struck ? 'void' : ''}">${lead}<td>${figureCell(cell.latency.p50, struck)}</td><td>${figureCell(cell.latency[tail], struck)}</td>${compared}</tr>`;
    },
  )}</tbody></table></div>`;
}
