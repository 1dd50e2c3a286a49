import { threeDigits } from '../../base/numbers.ts';
import type { Causes, CellAnalysis, VariantChange } from '../../model/analysis.ts';
import { levelOf } from '../../model/endpoint.ts';
import { type Html, html } from '../html-text.ts';
import type { PageContext } from './context.ts';
import { figureCell, isVoid, ratioCells } from './pieces.ts';

/** What each feature of a backend's variants does: one at a time, from either end. */
export function causesCard(context: PageContext, causes: Causes): Html {
  const { backend, features, finding, ends, missing, panels } = causes;
  const told = panels.some(({ ends }) => ends.length > 0);
  return html`<div class="card" id="causes-${backend}"><h3><span class="soft">causes</span> ${finding}</h3>
<p class="soft">Variants of ${backend} that differ in ${features.join(', ')}. A feature may do nothing while another is missing, so each change is stated where it was made; ratios are paired by round.</p>
${ends.length > 0 ? html`<ul class="told">${ends.map((sentence) => html`<li>${sentence}</li>`)}</ul>` : ''}
${variantTable(context, causes)}
${told ? endsTable(causes) : ''}
${rangesTable(causes)}
${missing.map((sentence) => html`<p class="soft">${sentence}</p>`)}
</div>`;
}

/** Each variant with its features, at each size of the data set, and what the size does to it. */
function variantTable({ analysis }: PageContext, { backend, features }: Causes): Html {
  const { cells, comparisons, run } = analysis;
  const own = cells.filter(({ cell }) => cell.endpoint.backend === backend);
  const sizes = comparisons.find(({ factor }) => factor === 'dataset');
  const measured = new Set(own.map(({ cell }) => cell.endpoint.dataset));
  const levels = sizes?.levels.filter((level) => measured.has(level)) ?? [];
  const [least, greatest] = [levels[0], levels.at(-1)];
  const rows: { label: string; members: CellAnalysis[]; ratios: Html | Html[] }[] = [];
  for (const panel of sizes?.panels ?? []) {
    const members = panel.members.flatMap(
      ({ cellId }) => own.find(({ cell }) => cell.id === cellId) ?? [],
    );
    if (members.length === 0) continue;
    const ratios =
      panel.reference === least
        ? panel.members.find(({ level }) => level === greatest)?.ratios
        : undefined;
    rows.push({
      label: panel.label,
      members,
      ratios: ratios
        ? ratioCells(ratios, ['p50', 'p99', 'backendMs'])
        : html`<td colspan="3" class="t soft">no ratio</td>`,
    });
  }
  if (rows.length === 0) return html``;
  const variantOf = (member: CellAnalysis | undefined) =>
    run.plan.variants.find(
      (one) =>
        one.backend === backend &&
        one.name === (member && levelOf(member.cell.endpoint, 'variant')),
    );
  const between = `${greatest} ÷ ${least}`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Variants by data set"><table><caption>What the data set’s size does to each variant</caption><thead><tr><th scope="col">variant</th>${features.map((feature) => html`<th scope="col" class="t">${feature}</th>`)}${levels.map((level) => html`<th scope="col">p50, ${level}</th>`)}<th scope="col">p50, ${between}</th><th scope="col">p99, ${between}</th><th scope="col">backend time, ${between}</th></tr></thead><tbody>${rows.map(
    ({ label, members, ratios }) => {
      const held = variantOf(members[0])?.features ?? {};
      return html`<tr><th scope="row">${label === '' ? backend : label}</th>${features.map((feature) => html`<td class="t">${held[feature] === true ? 'yes' : html`<span class="soft">no</span>`}</td>`)}${levels.map(
        (level) => {
          const cell = members.find((member) => member.cell.endpoint.dataset === level);
          return html`<td>${cell ? figureCell(cell.latency.p50, isVoid(cell)) : '–'}</td>`;
        },
      )}${ratios}</tr>`;
    },
  )}</tbody></table></div>`;
}

/** `removing join`, `adding index`, `changing index, limit, join`. */
function changeText({ kind, feature, to }: VariantChange): Html {
  const verb = { adds: 'adding', takes: 'removing', all: 'changing' }[kind];
  return html`${verb} ${feature} <span class="soft">→ ${to}</span>`;
}

function endsTable({ panels }: Causes): Html {
  const labelled = panels.length > 1;
  const rows = panels.flatMap(({ label, ends }) =>
    ends.map((end, i) => ({ label, end, first: i === 0 })),
  );
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="One change at a time"><table><caption>One change at a time: latency after it ÷ before it</caption><thead><tr>${labelled ? html`<th scope="col">held</th>` : ''}<th scope="col" class="t">from</th><th scope="col" class="t">change</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th><th scope="col">backend time</th></tr></thead><tbody>${rows.map(
    ({ label, end, first }) =>
      html`<tr${first ? html` class="first"` : ''}>${labelled ? html`<th scope="row">${first ? label : html`<span class="again">${label}</span>`}</th>` : ''}<td class="t">${end.from}</td><td class="t">${changeText(end)}</td>${ratioCells(end.ratios)}</tr>`,
  )}</tbody></table></div>`;
}

type Range = { low: number; high: number } | null;

function rangesTable({ panels }: Causes): Html {
  const labelled = panels.length > 1;
  const rows = panels.flatMap(({ label, ranges, steps }) =>
    ranges.map((range) => ({
      label,
      ...range,
      steps: steps.filter(({ feature }) => feature === range.feature),
    })),
  );
  if (rows.every(({ pairs }) => pairs < 2)) return html``;
  const text = (range: Range) =>
    range === null ? '–' : `${threeDigits(range.low)}× to ${threeDigits(range.high)}×`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Range of each feature"><table><caption>Each feature over all settings of the others: with it ÷ without it</caption><thead><tr>${labelled ? html`<th scope="col">held</th>` : ''}<th scope="col" class="t">feature</th><th scope="col">pairs</th><th scope="col">p50</th><th scope="col">p99</th><th scope="col">backend time</th></tr></thead><tbody>${rows.map(
    ({ label, feature, pairs, p50, p99, backendMs }) =>
      html`<tr>${labelled ? html`<th scope="row">${label}</th>` : ''}<td class="t">${feature}</td><td>${pairs}</td><td>${text(p50)}</td><td>${text(p99)}</td><td>${text(backendMs)}</td></tr>`,
  )}</tbody></table></div>
<details><summary>Every pair that differs in one feature</summary><div class="scroll tall" tabindex="0" role="region" aria-label="Every pair"><table><caption class="hidden">Every pair that differs in one feature</caption><thead><tr>${labelled ? html`<th scope="col">held</th>` : ''}<th scope="col" class="t">from</th><th scope="col" class="t">change</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th><th scope="col">backend time</th></tr></thead><tbody>${rows.flatMap(
    ({ label, steps }) =>
      steps.map(
        (step) =>
          html`<tr>${labelled ? html`<th scope="row">${label}</th>` : ''}<td class="t">${step.from}</td><td class="t">${changeText(step)}</td>${ratioCells(step.ratios)}</tr>`,
      ),
  )}</tbody></table></div></details>`;
}
