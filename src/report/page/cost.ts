import type { CellAnalysis } from '../../model/analysis.ts';
import { COST_ITEMS, type CostItem } from '../../model/cost.ts';
import { costChart, ITEM_NAMES, MOST_BILLS } from '../charts/cost.ts';
import { basesOf, costFinding, lackingOf, pricesText } from '../cost-words.ts';
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

/** What the whole stack costs per million requests, item by item; null where there is nothing to say. */
export function cost(context: PageContext): Html | null {
  const { cells, prices } = context.analysis;
  if (cells.every(({ cost }) => cost.items.length + cost.lacking.length === 0)) return null;
  const items = COST_ITEMS.filter((item) =>
    cells.some(({ cost }) => cost.items.some((one) => one.item === item)),
  );
  const chart = costChart(cells);
  const tooMany =
    cells.length > MOST_BILLS
      ? ` ${cells.length} cells are too many to draw (${MOST_BILLS} are the most).`
      : '';
  return chartFigure({
    id: 'cost',
    title: costFinding(context.named),
    subtitle: `The whole stack per million requests, at ${pricesText(prices)}${chart ? '; the line at a bar’s end is the 95% interval of the total over trials' : ''}.${tooMany}`,
    legend: chart ? html`${itemLegend(items)}${cellLegend(context)}` : '',
    body: chart ? chartSlot(context, chart, 'Cost per million requests by item') : '',
    after: html`${items.length > 0 ? html`${billsTable(context, items)}${basisTable(context)}` : ''}${terms(context)}${chart ? dataTable([chart]) : ''}`,
  });
}

function itemLegend(items: readonly CostItem[]): Html {
  return html`<ul class="legend parts" aria-label="Items of a bill">${items.map((item) => html`<li><i class="dot part-${ITEM_NAMES[item].part}"></i>${ITEM_NAMES[item].label}</li>`)}</ul>`;
}

function billsTable(context: PageContext, items: readonly CostItem[]): Html {
  const { cells } = context.analysis;
  const row = (cell: CellAnalysis, index: number) => {
    const struck = isVoid(cell);
    return html`<tr${struck ? html` class="void"` : ''}><th scope="row">${cellName(context, index)}</th><td>${figureCell(cell.cost.total, struck)}</td>${items.map(
      (name) => {
        const found = cell.cost.items.find(({ item }) => item === name);
        return html`<td>${found ? figureCell(found.usd, struck) : '–'}</td>`;
      },
    )}</tr>`;
  };
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Cost by cell"><table><caption class="hidden">Cost per million requests by cell</caption><thead><tr><th scope="col">cell</th><th scope="col">per million requests</th>${items.map((item) => html`<th scope="col">${ITEM_NAMES[item].label}</th>`)}</tr></thead><tbody>${cells.map(row)}</tbody></table></div>`;
}

function basisTable(context: PageContext): Html {
  const { cells } = context.analysis;
  const rows = basesOf(cells);
  return html`<details><summary>How each item was computed</summary><div class="scroll tall" tabindex="0" role="region" aria-label="Basis of each item"><table><caption class="hidden">Basis of each item</caption><thead><tr><th scope="col">item</th><th scope="col" class="t">basis</th><th scope="col" class="t">cells</th></tr></thead><tbody>${rows.map(
    ({ item, basis, cells: of }, i) => {
      const isFirst = rows[i - 1]?.item !== item;
      const { label } = ITEM_NAMES[item];
      return html`<tr${isFirst ? html` class="first"` : ''}><th scope="row">${isFirst ? label : html`<span class="again">${label}</span>`}</th><td class="t why">${basis}</td><td class="t why">${of.length === cells.length ? 'all' : of.map((index) => html`${cellName(context, index)} `)}</td></tr>`;
    },
  )}</tbody></table></div></details>`;
}

/** What the figures rest on, and what they leave out. */
function terms({ analysis, names }: PageContext): Html {
  const { prices, cells } = analysis;
  const list = (title: string, sentences: readonly string[]) =>
    sentences.length === 0
      ? ''
      : html`<div><h4>${title}</h4><ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul></div>`;
  return html`<div class="columns terms">${list('Assumed', prices.assumptions)}${list('Of the totals', lackingOf(cells, names.labels))}${list('Prices from', prices.sources)}</div>`;
}
