import { formatShare } from '../base/numbers.ts';
import type { CellAnalysis } from '../model/analysis.ts';
import { COST_ITEMS, type CostItem, type PricesUsed } from '../model/cost.ts';
import type { Figure } from '../model/figure.ts';
import { ITEM_NAMES } from './charts/cost.ts';
import { isOneOfMany, type Named, rank } from './findings.ts';
import { figureWithInterval } from './format.ts';

/** What a million requests cost at least and at most, and what most of it is. */
export function costFinding(named: readonly Named[]): string {
  const ranked = rank(named, ({ cost }) => cost.total);
  const [least, most] = [ranked[0], ranked.at(-1)];
  if (!least || !most) {
    const why = named.map(({ cell }) => cell.cost.total.note).find((note) => note !== undefined);
    return `What a million requests cost is not known${why === undefined ? '' : `: ${why}`}`;
  }
  const first = largestItem(least.cell);
  const of = first === null ? '' : `, ${formatShare(first.share)} of it for ${first.label}`;
  if (least === most) {
    const where = isOneOfMany(named) ? ` at ${least.label}` : '';
    return `A million requests cost ${figureWithInterval(least.figure)}${where}${of}`;
  }
  const apart = apartText(least.figure, most.figure);
  return `A million requests cost least at ${least.label}: ${figureWithInterval(least.figure)}${of}; most at ${most.label}: ${figureWithInterval(most.figure)}${apart}`;
}

/** What keeps the two from being told apart. */
function apartText(least: Figure, most: Figure): string {
  if (least.high === null || most.low === null) return ' (no interval)';
  return least.high < most.low ? '' : ' (the intervals overlap)';
}

function largestItem({ cost }: CellAnalysis): { label: string; share: number } | null {
  const total = cost.total.value;
  const largest = [...cost.items].sort((a, b) => (b.usd.value ?? 0) - (a.usd.value ?? 0))[0];
  if (total === null || total <= 0 || largest === undefined || largest.usd.value === null) {
    return null;
  }
  return { label: ITEM_NAMES[largest.item].label, share: largest.usd.value / total };
}

/** `list prices of us-east-1 as of 2026-11-20, without free tiers`. */
export function pricesText({ region, asOf }: PricesUsed): string {
  return `list prices of ${region} as of ${asOf}, without free tiers`;
}

/** What is not in the totals, each once, with the labels of the cells where it is not so of all. */
export function lackingOf(cells: readonly CellAnalysis[], labels: readonly string[]): string[] {
  const where = new Map<string, string[]>();
  cells.forEach(({ cost }, i) => {
    for (const sentence of cost.lacking) {
      where.set(sentence, [...(where.get(sentence) ?? []), labels[i] ?? '']);
    }
  });
  return [...where].map(([sentence, of]) =>
    of.length === cells.length
      ? sentence
      : `${of.length > 3 ? `${of.length} cells` : of.join(', ')}: ${sentence}`,
  );
}

/** How items were computed, each way once, with the cells (by index) it was so in. */
export function basesOf(
  cells: readonly CellAnalysis[],
): { item: CostItem; basis: string; cells: number[] }[] {
  return COST_ITEMS.flatMap((item) => {
    const found = new Map<string, number[]>();
    cells.forEach(({ cost }, i) => {
      for (const one of cost.items.filter((candidate) => candidate.item === item)) {
        found.set(one.basis, [...(found.get(one.basis) ?? []), i]);
      }
    });
    return [...found].map(([basis, of]) => ({ item, basis, cells: of }));
  });
}
