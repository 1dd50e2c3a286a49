import type { GateResult, GateRow, Verdict } from '../../model/gate.ts';
import { GATE_AXES, gateCharts } from '../charts/gate.ts';
import { type Html, html } from '../html-text.ts';
import {
  byCell,
  changeIntervalText,
  changeText,
  pText,
  rowName,
  toleranceText,
  VERDICT_WORDS,
} from '../verdict/words.ts';
import type { PageContext } from './context.ts';
import { chartSlot, dataTable, figureCell, verdictChip } from './pieces.ts';

/** Of more cells a table comes first, and those that pass are folded. */
const OPEN_CELLS = 3;
/** Of many that do not pass the others are folded too: the table above leads to them. */
const MOST_OPEN = 6;

const ORDER: Record<Verdict, number> = { fail: 0, inconclusive: 1, pass: 2 };

/** Every row that was judged: a card for each cell with its table and its chart. */
export function gateCells(context: PageContext, gate: GateResult): Html | null {
  const cells = byCell(gate.rows)
    .map((cell, i) => ({ ...cell, nth: i + 1, verdict: worstOf(cell.rows) }))
    .sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
  if (cells.length === 0) return null;
  const telling = cells.filter(({ verdict }) => verdict !== 'pass').slice(0, MOST_OPEN);
  const isOpen = (cell: JudgedCell) => cells.length <= OPEN_CELLS || telling.includes(cell);
  const isFolded = ({ verdict }: JudgedCell) => verdict === 'pass' && cells.length > OPEN_CELLS;
  const folded = cells.filter(isFolded);
  const shown = cells.filter((cell) => !isFolded(cell));
  return html`<h2 class="hidden">What was judged</h2>
${cells.length > OPEN_CELLS ? overview(cells) : ''}
${shown.map((cell) => card(context, gate, cell, isOpen(cell)))}
${folded.length > 0 ? html`<details class="card factor passed"><summary><h3>${folded.length} cells that pass</h3></summary>${folded.map((cell) => card(context, gate, cell, false))}</details>` : ''}`;
}

function card(context: PageContext, gate: GateResult, cell: JudgedCell, open: boolean): Html {
  const { label, verdict, rows, nth } = cell;
  return html`<details class="card factor" id="gate-${nth}"${open ? html` open` : ''}><summary><h3>${label} ${verdictChip(verdict)}</h3></summary>
${charts(context, gate, rows, nth)}
</details>`;
}

/** Failed, else open, else passed; a guard that is open holds nothing up. */
function worstOf(rows: readonly GateRow[]): Verdict {
  if (rows.some(({ verdict }) => verdict === 'fail')) return 'fail';
  const isOpen = ({ verdict, guard }: GateRow) => verdict === 'inconclusive' && !guard;
  return rows.some(isOpen) ? 'inconclusive' : 'pass';
}

type JudgedCell = ReturnType<typeof byCell>[number] & { verdict: Verdict; nth: number };

/** A row a cell, a column a metric. */
function overview(cells: readonly JudgedCell[]): Html {
  const names = [...new Set(cells.flatMap(({ rows }) => rows.map(rowName)))];
  const count = (verdict: Verdict) => {
    const found = cells.filter((cell) => cell.verdict === verdict).length;
    return found === 0 ? '' : html`<li>${verdictChip(verdict)} ${found}</li>`;
  };
  const shown = (row: GateRow | undefined) =>
    row === undefined
      ? html`<td class="soft">–</td>`
      : html`<td>${verdictChip(row.verdict, true)} ${row.kind === 'budget' ? '' : changeText(row)}</td>`;
  return html`<div class="card"><h3>All ${cells.length} cells</h3><ul class="legend parts">${(['fail', 'inconclusive', 'pass'] as const).map(count)}</ul>
<div class="scroll tall" tabindex="0" role="region" aria-label="Verdicts by cell"><table><caption class="hidden">Verdicts by cell</caption><thead><tr><th scope="col">cell</th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${cells.map(
    ({ label, rows, nth }) =>
      html`<tr><th scope="row"><a href="#gate-${nth}">${label}</a></th>${names.map((name) => shown(rows.find((row) => rowName(row) === name)))}</tr>`,
  )}</tbody></table></div></div>`;
}

function charts(
  context: PageContext,
  gate: GateResult,
  rows: readonly GateRow[],
  nth: number,
): Html {
  const found = gateCharts(rows, gate.rows, nth);
  const label = rows[0]?.label ?? '';
  const limit = rows.every(({ kind }) => kind === 'budget') ? 'limit' : 'tolerance';
  const has = found.some(({ chart }) => (chart.data.pairs?.rows.length ?? 0) > 0);
  const legend = html`<ul class="legend parts">${(['pass', 'fail', 'inconclusive'] as const)
    .filter((verdict) => rows.some((row) => row.verdict === verdict))
    .map(
      (verdict) => html`<li><i class="key judged ${verdict}"></i>${VERDICT_WORDS[verdict]}</li>`,
    )}<li><i class="key limit"></i>${limit}; shaded: beyond it</li>${has ? html`<li><i class="key pair"></i>a single ${gate.mode === 'budgets' ? 'round' : 'pair'}</li>` : ''}</ul>`;
  return html`${found.length > 0 ? legend : ''}${found.map(
    ({ axis, chart }) =>
      html`<div class="panel"><h4>${GATE_AXES[axis]}</h4>${chartSlot(context, chart, `${GATE_AXES[axis]}, ${label}`)}</div>`,
  )}
${rowsTable(gate, rows, label)}
${dataTable(found.map(({ chart }) => chart))}`;
}

function rowsTable(gate: GateResult, rows: readonly GateRow[], label: string): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="What was judged of ${label}"><table class="judged"><caption class="hidden">What was judged of ${label}</caption><thead><tr><th scope="col">row</th><th scope="col" class="t">verdict</th><th scope="col" class="t">why</th><th scope="col">base</th><th scope="col">head</th><th scope="col">change</th><th scope="col">tolerance</th><th scope="col">${gate.mode === 'paired' ? 'pairs' : 'rounds'}</th><th scope="col">p of FAIL</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${rowName(row)}</th><td class="t">${verdictChip(row.verdict)}</td><td class="t why">${row.reason}</td><td>${row.base === null ? '–' : figureCell(row.base)}</td><td>${figureCell(row.head)}</td><td>${changeCell(row)}</td><td>${toleranceText(row)}</td><td>${row.kind === 'exact' ? '–' : row.pairs}</td><td>${pCell(row)}</td></tr>`,
  )}</tbody></table></div>`;
}

function changeCell(row: GateRow): Html {
  const interval = changeIntervalText(row);
  const value = row.kind === 'budget' && interval !== '' ? '' : html`<b>${changeText(row)}</b>`;
  return html`<span class="figure">${value}${interval === '' ? '' : html` <small>${interval}</small>`}</span>`;
}

/** Adjusted and over all looks; beside it that of exact permutation at the last one. */
function pCell({ p }: GateRow): Html {
  if (p === null) return html`–`;
  const why = `of "within the tolerance", over all looks and adjusted for all rows (Holm); alone ${pText(p.fail)}; of "beyond it" ${pText(p.pass)}`;
  return html`<span class="figure" title="${why}"><b>${pText(p.failAdjusted)}</b> <small>pass ${pText(p.pass)}</small>${p.signFlip === null ? '' : html` <small>sign-flip ${pText(p.signFlip)}</small>`}</span>`;
}
