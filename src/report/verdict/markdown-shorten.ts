import type { GateDocument, Kept, ListName } from './markdown-document.ts';

/**
 * What is shortened, in this order, and what is left of each list at first; of several in one step the
 * longest is.
 */
const STEPS: readonly { names: readonly ListName[]; least: number }[] = [
  { names: ['voids', 'notes', 'code'], least: 3 },
  { names: ['causes'], least: 3 },
  { names: ['reasons'], least: 10 },
  { names: ['rows'], least: 10 },
  { names: ['voids', 'notes', 'code', 'causes', 'reasons', 'rows'], least: 0 },
];

/**
 * The document, shortened until it fits: rows that passed become a count, then the longest of the
 * details lose their ends, then causes, reasons and at last rows. What is missing is said in it.
 */
export function shortened(document: GateDocument, fits: (text: string) => boolean): string {
  const { lists } = document;
  const kept: Kept = {
    passed: true,
    reasons: lists.reasons.length,
    rows: lists.rows.length,
    causes: lists.causes.length,
    voids: lists.voids.length,
    notes: lists.notes.length,
    code: lists.code.length,
  };
  let text = document.render(kept);
  if (fits(text)) return text;
  kept.passed = false;
  for (;;) {
    text = document.render(kept);
    const next = fits(text) ? undefined : longest(document, kept);
    if (next === undefined) return text;
    kept[next.name] = Math.max(next.least, Math.floor(kept[next.name] * 0.75));
  }
}

function longest({ lists }: GateDocument, kept: Kept) {
  const lengthOf = (name: ListName) => lists[name].slice(0, kept[name]).join('').length;
  for (const { names, least } of STEPS) {
    const name = names
      .filter((one) => kept[one] > least)
      .sort((a, b) => lengthOf(b) - lengthOf(a))
      .at(0);
    if (name !== undefined) return { name, least };
  }
  return undefined;
}
