import type { CellAnalysis } from '../../model/analysis.ts';
import { checksText } from '../checks-text.ts';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import type { PageContext } from './context.ts';
import { cellName, stateChip } from './pieces.ts';

/** Of more cells checks are folded: those of sound ones into one, those of others each. */
const LISTED = 6;

type OneTrial = CellAnalysis['validity']['trials'][number];

/** Trials at a glance, why some are left out, and each check with its threshold and its reason. */
export function validity(context: PageContext): Html {
  const { cells } = context.analysis;
  const isSound = (index: number) => cells[index]?.validity.state === 'sound';
  const sound = [...cells.keys()].filter(isSound);
  const notSound = [...cells.keys()].filter((index) => !isSound(index));
  return html`<div class="card" id="validity"><h3>${validityTitle(cells)}</h3>
<p class="soft">Each check is a value against a threshold. Void: do not use the figures. Doubtful: read them with care. A trial that this host or the tool spoiled is left out of its cell’s figures where enough others remain; what was measured is never left out for being bad.</p>
${matrix(context)}${reasonsTable(context)}${notSound.map((index) => checks(context, index))}${
  sound.length > LISTED
    ? html`<details class="more"><summary>Checks of the ${sound.length} sound cells</summary>${sound.map((index) => checks(context, index))}</details>`
    : sound.map((index) => checks(context, index))
}</div>`;
}

const word = ({ state, used }: OneTrial) => (used ? state : `${state}, left out`);

/** A row a cell, a column a trial; what is not sound leads to its row in the table of reasons. */
function matrix(context: PageContext): Html | null {
  const { cells } = context.analysis;
  const numbers = [
    ...new Set(cells.flatMap(({ validity: { trials } }) => trials.map(({ trial }) => trial))),
  ].sort((a, b) => a - b);
  // A trial each is what the cell's state says already.
  if (numbers.length < 2) return null;
  const mark = (index: number, trial: number) => {
    const one = cells[index]?.validity.trials.find((other) => other.trial === trial);
    if (one === undefined) return html`<td><span class="hidden">not run</span></td>`;
    const shape = html`<i class="mark ${one.state}${one.used ? '' : ' out'}"></i>`;
    if (!hasReason(one)) return html`<td>${shape}<span class="hidden">${word(one)}</span></td>`;
    const said = `${context.names.labels[index]}, trial ${trial}: ${word(one)}. ${one.reasons.join('. ')}`;
    return html`<td><a href="#trial-${index + 1}-${trial}" aria-label="${said}" title="${said}" data-said="${said}">${shape}</a></td>`;
  };
  const out = cells.flatMap(({ validity: { trials } }) =>
    trials.filter(({ used }) => !used),
  ).length;
  const all = cells.reduce((sum, { validity: { trials } }) => sum + trials.length, 0);
  return html`<h4>Trials <span class="soft">${out === 0 ? `all ${formatCount(all)} count` : `${formatCount(out)} of ${formatCount(all)} are left out`}</span></h4>
<ul class="legend parts"><li><i class="mark sound"></i>sound</li><li><i class="mark doubtful"></i>doubtful</li><li><i class="mark void"></i>void</li><li><i class="mark void out"></i>left out</li></ul>
<div class="scroll" tabindex="0" role="region" aria-label="Validity by trial"><table class="matrix"><caption class="hidden">Validity by cell and trial</caption><thead><tr><th scope="col">cell</th>${numbers.map((trial) => html`<th scope="col"><span class="hidden">trial </span>${trial}</th>`)}<th scope="col" class="t">counted</th></tr></thead><tbody>${cells.map(
    (cell, index) =>
      html`<tr><th scope="row">${cellName(context, index)}</th>${numbers.map((trial) => mark(index, trial))}<td class="t soft">${cell.validity.trials.filter(({ used }) => used).length} of ${cell.validity.trials.length}</td></tr>`,
  )}</tbody></table></div>
<p class="said" data-said-here aria-live="polite">${cells.some(({ validity: { trials } }) => trials.some(hasReason)) ? 'Point at a mark or move to it by key to read its reason.' : 'Every trial is sound.'}</p>`;
}

const hasReason = (one: OneTrial) => one.state !== 'sound' || !one.used;

function reasonsTable(context: PageContext): Html | null {
  const { cells } = context.analysis;
  const rows = cells.flatMap((cell, index) =>
    cell.validity.trials.length < 2
      ? []
      : cell.validity.trials.filter(hasReason).map((one) => ({ index, one })),
  );
  if (rows.length === 0) return null;
  return html`<details class="more" id="trial-reasons"${rows.length <= 12 ? html` open` : ''}><summary>Why ${rows.length === 1 ? 'one trial is' : `${formatCount(rows.length)} trials are`} not sound</summary><div class="scroll tall" tabindex="0" role="region" aria-label="Trials that are not sound"><table><caption class="hidden">Trials that are not sound</caption><thead><tr><th scope="col">cell</th><th scope="col">trial</th><th scope="col" class="t">state</th><th scope="col" class="t">its figures</th><th scope="col" class="t">why</th></tr></thead><tbody>${rows.map(
    ({ index, one }) =>
      html`<tr id="trial-${index + 1}-${one.trial}"><th scope="row">${cellName(context, index)}</th><td>${one.trial}</td><td class="t">${stateChip(one.state)}</td><td class="t">${one.used ? 'count' : 'left out'}</td><td class="t why">${one.reasons.length > 0 ? one.reasons.map((reason, i) => html`${i > 0 ? html`<br>` : ''}${reason}`) : '–'}</td></tr>`,
  )}</tbody></table></div></details>`;
}

function checks(context: PageContext, index: number): Html | null {
  const { cells } = context.analysis;
  const cell = cells[index];
  if (cell === undefined) return null;
  const notSound = cells.filter(({ validity: { state } }) => state !== 'sound').length;
  const open = cells.length === 1 || (cell.validity.state !== 'sound' && notSound <= LISTED);
  const sorted = [...cell.validity.checks].sort(
    (a, b) => Number(a.state === 'sound') - Number(b.state === 'sound'),
  );
  const label = context.names.labels[index];
  return html`<details id="validity-${index + 1}"${open ? html` open` : ''}><summary>${cellName(context, index)} ${stateChip(cell.validity.state)} <span class="soft">${checksText(sorted)}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Checks of ${label}"><table class="checks"><caption class="hidden">Checks of ${label}</caption><thead><tr><th scope="col">check</th><th scope="col" class="t">state</th><th scope="col" class="t">value</th><th scope="col" class="t">threshold</th><th scope="col" class="t">tells of</th><th scope="col" class="t">why</th></tr></thead><tbody>${sorted.map(
    (check) =>
      html`<tr><th scope="row">${check.label}</th><td class="t">${stateChip(check.state)}</td><td class="t">${check.shown}</td><td class="t">${check.threshold}</td><td class="t soft">${check.about === 'measurement' ? 'measurement' : 'system'}</td><td class="t why">${check.why}</td></tr>`,
  )}</tbody></table></div></details>`;
}

function validityTitle(cells: readonly CellAnalysis[]): string {
  const count = (state: string) => cells.filter((cell) => cell.validity.state === state).length;
  if (count('sound') === cells.length) {
    if (cells.length === 1) return 'The cell is sound';
    return cells.length === 2 ? 'Both cells are sound' : `All ${cells.length} cells are sound`;
  }
  const [only, ...others] = cells;
  if (only !== undefined && others.length === 0) return `The cell is ${only.validity.state}`;
  const bad = [
    count('void') > 0 ? `${count('void')} void` : '',
    count('doubtful') > 0 ? `${count('doubtful')} doubtful` : '',
  ];
  return `Of ${cells.length} cells ${bad.filter(Boolean).join(' and ')}`;
}
