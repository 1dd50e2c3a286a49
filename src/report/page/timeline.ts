import { drawnOfAll } from '../charts/thin.ts';
import { hasTimeline, timelineCharts } from '../charts/timeline.ts';
import { timelineFinding } from '../findings.ts';
import { type Html, html } from '../html-text.ts';
import type { PageContext } from './context.ts';
import { cellName, chartFigure, chartSlot, dataTable } from './pieces.ts';

/** Latency over the trial. */
export function timeline(context: PageContext): Html | null {
  const { analysis } = context;
  if (analysis.cells.length > 0 && !analysis.cells.some(hasTimeline)) return null;
  const { charts, shownTrials, trials, binsS, marked, coldRequests } = timelineCharts(
    analysis.cells,
  );
  const choice =
    shownTrials.length > 1
      ? html`<label class="choice">Trial <select data-trials>${shownTrials.map((trial) => html`<option value="${trial}">${trial}</option>`)}</select></label>`
      : '';
  const which =
    shownTrials.length < trials
      ? ` (${shownTrials.length} of ${trials}; the others are in the analysis)`
      : '';
  const bin = binsS.length === 1 && binsS[0] === 1 ? 'a second' : `${binsS.join(' or ')} s`;
  const thinned = drawnOfAll(marked, coldRequests, {
    what: 'cold starts',
    each: 'trial',
    all: 'medians and maxima are',
  });
  return html`<section>${chartFigure({
    id: 'timeline',
    title: timelineFinding(context.named),
    subtitle: `Latency over the trial, all phases, log scale, the same for every cell${trials > 1 ? `; one trial at a time${which}, the title counts all` : ''}.${thinned}`,
    legend: html`<div class="legend-line"><ul class="legend parts"><li><i class="key line"></i>median of ${bin}</li><li><i class="key ring"></i>maximum</li><li><i class="key triangle"></i>cold start</li><li><i class="key cross">✕</i>failures</li></ul>${choice}</div>`,
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
