import { formatCount } from '../format.ts';

/** Of what may be drawn this share goes to the largest values, the rest to an even choice. */
const LARGEST_SHARE = 1 / 6;

/**
 * At most `most` of the items, in their order: those with the largest values, so that no outlier is
 * lost, and of the others every second, third … The same items are always the same choice. What is left
 * overstates the largest: quantiles are never to be taken of it.
 */
export function thinned<Item>(
  items: readonly Item[],
  most: number,
  value: (item: Item) => number,
): readonly Item[] {
  if (items.length <= most) return items;
  const values = items.map(value);
  const order = values.map((_, i) => i);
  const largest = order.toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const kept = new Set(largest.slice(0, Math.ceil(most * LARGEST_SHARE)));
  const others = order.filter((i) => !kept.has(i));
  const room = most - kept.size;
  for (let i = 0; i < room; i += 1) {
    kept.add(others[Math.floor((i * others.length) / room)] as number);
  }
  return items.filter((_, i) => kept.has(i));
}

/** `1,200 of 48,211 cold requests are drawn: …`; empty where all are. */
export function drawnOfAll(
  drawn: number,
  all: number,
  { what, each, all: rest }: { what: string; each: string; all: string },
): string {
  if (drawn >= all) return '';
  return ` ${formatCount(drawn)} of ${formatCount(all)} ${what} are drawn: of each ${each} the slowest and an even choice of the others; ${rest} of all.`;
}
