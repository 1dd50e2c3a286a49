import { formatMs } from '../../base/numbers.ts';
import type { GateCause, GateResult } from '../../model/gate.ts';
import { withoutRevision } from '../../model/sides.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import { type Html, html } from '../html-text.ts';
import { partLabel } from '../labels.ts';
import { labelOf, metricName } from '../verdict/words.ts';
import type { PageContext } from './context.ts';

/** Causes that are open; of more the sentence stands for the rest. */
const OPEN_CAUSES = 2;
/** Of the bars, without their unit. */
const BAR = { width: 240, height: 16 };

/** Under a FAIL: which part grew, and a request of each side to look at. */
export function gateCauses(context: PageContext, gate: GateResult): Html | null {
  const { causes } = gate;
  if (causes.length === 0) return null;
  const isOneCell = new Set(gate.rows.map(({ cellId }) => cellId)).size < 2;
  return html`<h2 class="hidden">Why it failed</h2>${causes.map((cause, i) => {
    const where = isOneCell ? '' : html` <span class="soft">${labelOf(gate, cause.cellId)}</span>`;
    return html`<details class="card factor cause" id="grew-${i + 1}"${i < OPEN_CAUSES ? html` open` : ''}><summary><h3>Why: ${cause.sentence}${where}</h3></summary>
${growthTable(context, cause)}${traces(context, cause)}</details>`;
  })}`;
}

type Grown = GateCause['parts'][number];

function growthTable(context: PageContext, { parts, metric, cellId }: GateCause): Html | null {
  if (parts.length === 0) return null;
  const ends = parts.flatMap(({ growthMs, lowMs, highMs }) => [growthMs, lowMs ?? 0, highMs ?? 0]);
  const from = Math.min(0, ...ends);
  const to = Math.max(0, ...ends, from + 1e-9);
  const cells = context.analysis.cells
    .map(({ cell }) => cell)
    .filter(({ id }) => withoutRevision(id) === cellId);
  const name = (part: Grown['part']) =>
    part === 'load'
      ? 'loading the code'
      : part === 'start'
        ? 'the rest of init'
        : partLabel(part, cells);
  const title = `Growth of ${metricName(metric)} by part`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="grown"><caption class="hidden">${title}</caption><thead><tr><th scope="col">part</th><th scope="col">growth</th><th scope="col" class="t">95% interval over pairs</th><th scope="col">base</th><th scope="col">head</th></tr></thead><tbody>${parts.map(
    (part) =>
      html`<tr><th scope="row"><span class="cell brief"><i class="dot part-${colourOf(part.part)}"></i>${name(part.part)}</span></th><td${part.shown ? '' : html` class="soft"`}>${growthText(part)}</td><td class="t">${bar(part, from, to)}</td><td>${formatMs(part.baseMs)}</td><td>${formatMs(part.headMs)}</td></tr>`,
  )}</tbody></table></div>`;
}

const colourOf = (part: Grown['part']): Part => PARTS.find((one) => one === part) ?? 'init';

function growthText({ growthMs, lowMs, highMs }: Grown): Html {
  const signed = (ms: number) => `${ms > 0 ? '+' : ''}${formatMs(ms)}`;
  const interval =
    lowMs === null || highMs === null
      ? ''
      : html` <small>[${signed(lowMs)}, ${signed(highMs)}]</small>`;
  return html`<span class="figure"><b>${signed(growthMs)}</b>${interval}</span>`;
}

/** From zero to the growth, its interval as a line. */
function bar({ part, growthMs, lowMs, highMs }: Grown, from: number, to: number): Html {
  const at = (ms: number) => Number((((ms - from) / (to - from)) * BAR.width).toFixed(1));
  const [left, right] = [Math.min(at(0), at(growthMs)), Math.max(at(0), at(growthMs))];
  const middle = BAR.height / 2;
  const interval =
    lowMs === null || highMs === null
      ? ''
      : html`<line class="whisker" x1="${at(lowMs)}" x2="${at(highMs)}" y1="${middle}" y2="${middle}"></line>`;
  return html`<svg class="growth" width="${BAR.width}" height="${BAR.height}" viewBox="0 0 ${BAR.width} ${BAR.height}" preserveAspectRatio="none" aria-hidden="true"><rect class="fill-${colourOf(part)}" x="${left}" y="2" width="${Math.max(0.5, right - left)}" height="${BAR.height - 4}"></rect>${interval}<line class="zero" x1="${at(0)}" x2="${at(0)}" y1="0" y2="${BAR.height}"></line></svg>`;
}

/** Links to the waterfalls of both examples; one that is not in the analysis is named by its trace. */
function traces({ analysis }: PageContext, { traces: { base, head } }: GateCause): Html | null {
  const link = (side: string, example: GateCause['traces']['base']) => {
    if (example === null) return null;
    const index = analysis.cells.findIndex(({ cell }) => cell.id === example.cellId);
    const nth =
      analysis.cells[index]?.waterfalls.findIndex(({ traceId }) => traceId === example.traceId) ??
      -1;
    const text = html`a request of ${side}, ${formatMs(example.totalMs)}`;
    return nth < 0
      ? html`<li>${text}: trace <code>${example.traceId}</code></li>`
      : html`<li><a href="#request-${index + 1}-${nth + 1}">${text}</a></li>`;
  };
  if (base === null && head === null) return null;
  return html`<ul class="legend parts examples"><li class="soft">Span by span:</li>${link('base', base)}${link('head', head)}</ul>`;
}
