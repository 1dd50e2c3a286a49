import { COST_ITEMS, type CostItem } from '../../model/cost.ts';
import { ITEM_NAMES } from '../charts/cost.ts';
import { basesOf, costFinding, lackingOf, pricesText } from '../cost-words.ts';
import { usable } from '../findings.ts';
import { figureText, figureWithInterval } from '../format.ts';
import { escapeMarkdown, list, type MarkdownContext, section, strike, table } from './text.ts';

/** The bill of each cell by item, how items were computed, and what that assumes. */
export function costSection(context: MarkdownContext): string {
  const { analysis, cells, plainLabels } = context;
  if (cells.every(({ cost }) => cost.items.length + cost.lacking.length === 0)) return '';
  const { prices } = analysis;
  const items = COST_ITEMS.filter((name) =>
    cells.some(({ cost }) => cost.items.some(({ item }) => item === name)),
  );
  const lacking = lackingOf(cells, plainLabels);
  return section(
    `Cost: ${escapeMarkdown(costFinding(usable(cells, plainLabels)))}`,
    `Of the whole stack, per million requests, at ${escapeMarkdown(pricesText(prices))}.`,
    ...(items.length > 0 ? [billsTable(context, items), basisTable(context)] : []),
    prices.assumptions.length > 0 ? `Assumed:\n\n${list(prices.assumptions)}` : '',
    lacking.length > 0 ? `Of the totals:\n\n${list(lacking)}` : '',
    prices.sources.length > 0 ? `Prices from:\n\n${list(prices.sources)}` : '',
  );
}

function billsTable({ cells, label }: MarkdownContext, items: readonly CostItem[]): string {
  return table(
    ['per million requests', 'total', ...items.map((item) => ITEM_NAMES[item].label)],
    cells.map((cell, i) => {
      const struck = strike(cell);
      const usd = items.map((name) => {
        const found = cell.cost.items.find(({ item }) => item === name);
        return found === undefined ? '–' : struck(figureText(found.usd));
      });
      return [label(i), struck(figureWithInterval(cell.cost.total)), ...usd];
    }),
  );
}

function basisTable({ cells, label }: MarkdownContext): string {
  return table(
    ['item', 'basis', 'cells'],
    basesOf(cells).map(({ item, basis, cells: of }) => [
      ITEM_NAMES[item].label,
      escapeMarkdown(basis),
      of.length === cells.length ? 'all' : of.map(label).join(', '),
    ]),
  );
}
