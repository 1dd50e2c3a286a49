import { listed } from '../../base/words.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { GateCell } from '../sides.ts';
import type { Finding } from './draft.ts';

/**
 * An item of cost that one trial does not tell is left out of all trials of its cell: where only one
 * side has it, their totals are of different things. null where both have the same items.
 */
export function unlikeCosts({ base, head }: GateCell): Finding | null {
  const [ofBase, ofHead] = [itemsOf(base), itemsOf(head)];
  const sides: [string, string[]][] = [
    ['base', ofHead.filter((item) => !ofBase.includes(item))],
    ['head', ofBase.filter((item) => !ofHead.includes(item))],
  ];
  const lacking = sides.filter(([, items]) => items.length > 0);
  if (lacking.length === 0) return null;
  const told = lacking.map(([side, items]) => `the cost of ${side} is without ${listed(items)}`);
  const reason = `${told.join(', and ')}: the sides cannot be compared`;
  return { kind: 'open', reason, change: null };
}

const itemsOf = (cell: CellAnalysis | null): string[] =>
  (cell?.cost.items ?? []).map(({ item }) => item);
