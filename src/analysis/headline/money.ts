import type { CellAnalysis } from '../../model/analysis.ts';
import { isShown } from '../compare/ratio-words.ts';
import { pairedRatio } from '../figures/paired-ratio.ts';

/** A difference in cost below it is none. */
const SAME_COST = 0.01;

/** What one cell costs more than another: ` for 14% [12, 16] more money`; nothing where it is not known. */
export function moneyClause(cell: CellAnalysis, than: CellAnalysis): string {
  const ratio = pairedRatio(cell.perTrial, than.perTrial, 'costUsd', [
    cell.cost.total,
    than.cost.total,
  ]);
  const { value, low, high, trials } = ratio;
  if (value === null) return '';
  if (low === null || high === null) {
    return ` (costs ${percent(value - 1)}% ${moreOrLess(value)} in ${trials} ${trials === 1 ? 'round' : 'rounds'}, no interval)`;
  }
  if (!isShown(ratio)) return ' at no shown difference in cost';
  if (Math.abs(value - 1) < SAME_COST) return ' for the same money to within 1%';
  const [from, to] = value > 1 ? [low - 1, high - 1] : [1 - high, 1 - low];
  return ` for ${percent(value - 1)}% [${percent(from)}, ${percent(to)}] ${moreOrLess(value)} money`;
}

const moreOrLess = (ratio: number) => (ratio < 1 ? 'less' : 'more');

function percent(share: number): string {
  const value = Math.abs(share) * 100;
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
}
