import type { CellAnalysis } from '../../model/analysis.ts';
import { describeProfile } from '../../model/cell-names.ts';
import { burstCharts } from '../charts/burst.ts';
import { type Html, html } from '../html-text.ts';
import type { PageContext } from './context.ts';
import { cellName, chartFigure, chartSlot, dataTable, figureCell, isVoid } from './pieces.ts';

/** From idle to a rate at once; null where no cell ran the scenario. */
export function burst(context: PageContext): Html | null {
  const { cells } = context.analysis;
  const { cells: drawn, shownTrials, trials } = burstCharts(cells);
  if (drawn.length === 0) return null;
  const loads = [...new Set(drawn.map(({ cell }) => loadOf(cells[cell])))];
  const choice =
    shownTrials.length > 1
      ? html`<label class="choice">Trial <select data-trials>${shownTrials.map((trial) => html`<option value="${trial}">${trial}</option>`)}</select></label>`
      : '';
  const which =
    shownTrials.length < trials
      ? ` (${shownTrials.length} of ${trials}; the others are in the analysis)`
      : '';
  const bins = new Set(cells.flatMap(({ burst }) => (burst === null ? [] : [burst.binS])));
  const charts = drawn.flatMap((one) => [one.latency, one.cold, one.environments]);
  const name = (cell: number) => context.names.labels[cell] ?? '';
  return html`<section>${chartFigure({
    id: 'burst',
    title: title(context),
    subtitle: `From no environment to a rate at once (${loads.join(', ')}). Time is since the trial’s first request, in bins of ${[...bins].join(' or ')} s; scales are the same for every cell${trials > 1 ? `; one trial at a time${which}` : ''}. The broken line is when the last request that felt a cold start was answered, over all trials, the band its 95% interval.`,
    legend: html`<div class="legend-line"><ul class="legend parts"><li><i class="key line"></i>p50</li><li><i class="key dashed"></i>p95</li><li><i class="key ring"></i>maximum</li><li><i class="dot part-init"></i>share cold</li><li><i class="key cross">✕</i>failures</li></ul>${choice}</div>`,
    body: html`<div class="panels two">${drawn.map(
      ({ cell, latency, cold, environments }) =>
        html`<div class="panel stacked"><h4>${cellName(context, cell)}</h4>${chartSlot(context, latency, `Latency in the burst, ${name(cell)}`)}<h4 class="soft">Share of requests that were cold</h4>${chartSlot(context, cold, `Cold share in the burst, ${name(cell)}`)}<h4 class="soft">Environments: started (line), at work at once (area)</h4>${chartSlot(context, environments, `Environments in the burst, ${name(cell)}`)}</div>`,
    )}</div>`,
    after: html`${burstTable(context)}${dataTable(charts)}`,
  })}</section>`;
}

function loadOf(cell: CellAnalysis | undefined): string {
  return cell === undefined ? '' : describeProfile(cell.cell.profile);
}

/** Of the cell that takes longest to be warm. */
function title(context: PageContext): Html {
  const found = context.named
    .flatMap(({ cell, label }) => (cell.burst === null ? [] : [{ burst: cell.burst, label }]))
    .sort((a, b) => (b.burst.untilWarmS.value ?? 0) - (a.burst.untilWarmS.value ?? 0));
  const [worst] = found;
  if (worst === undefined) return html`The burst is void: there is no figure to rely on`;
  const finding = worst.burst.finding.replace(/\.$/, '');
  if (found.length === 1) return html`${finding}`;
  return html`${finding} <span class="soft">at ${worst.label}, the last to be warm</span>`;
}

function burstTable(context: PageContext): Html {
  const rows = context.analysis.cells.flatMap((cell, index) =>
    cell.burst === null ? [] : [{ cell, index, burst: cell.burst }],
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Bursts by cell"><table><caption class="hidden">Bursts by cell</caption><thead><tr><th scope="col">cell</th><th scope="col">until warm</th><th scope="col">environments</th><th scope="col">cold share</th><th scope="col">failures</th><th scope="col" class="t">what it shows</th></tr></thead><tbody>${rows.map(
    ({ cell, index, burst: one }) => {
      const struck = isVoid(cell);
      return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${figureCell(one.untilWarmS, struck)}</td><td>${figureCell(one.environments, struck)}</td><td>${figureCell(cell.coldStarts.share, struck)}</td><td>${figureCell(cell.failureShare, struck)}</td><td class="t why">${struck ? html`<s>${one.finding}</s>` : one.finding}</td></tr>`;
    },
  )}</tbody></table></div>`;
}
