import type { CellAnalysis } from '../../model/analysis.ts';
import { differingFactors } from '../../model/endpoint.ts';
import { type Figure, intervalsOverlap } from '../../model/figure.ts';
import { SAME_BELOW } from '../compare/ratio-words.ts';
import { withInterval } from '../figures/words.ts';
import type { Named } from './named.ts';
import { times } from './words.ts';

/** What a shown difference costs, to be put after it. */
type Price = (cell: CellAnalysis, than: CellAnalysis) => string;

/**
 * How the best of the cells stands against the slowest. A ratio is stated of cells that differ in one
 * factor; of others, which is best and which is not.
 */
export function against(
  best: Named,
  slowest: Named,
  figure: (cell: CellAnalysis) => Figure,
  price: Price = () => '',
): string {
  const differing = differingFactors(best.cell.cell.endpoint, slowest.cell.cell.endpoint);
  if (differing.length < 2) return compared(best, slowest, figure, price);
  return `the lowest; the highest is ${withInterval(figure(slowest.cell))} at ${slowest.name}`;
}

function compared(
  best: Named,
  slowest: Named,
  figure: (cell: CellAnalysis) => Figure,
  price: Price,
): string {
  const low = figure(best.cell);
  const high = figure(slowest.cell);
  const ratio = (high.value as number) / (low.value as number);
  const other = `${withInterval(high)} at ${slowest.name}`;
  const howFast =
    ratio < SAME_BELOW
      ? `as fast as at ${slowest.name} (${withInterval(high)}) to within 5%`
      : `${times(ratio)} faster than at ${slowest.name} (${withInterval(high)})`;
  if (intervalsOverlap(low, high)) {
    return `against ${other}: the intervals overlap, which by itself shows no difference`;
  }
  if (low.interval !== 'trials_t' || high.interval !== 'trials_t') {
    return `${howFast} in ${trialsWords(low, high)}, which does not tell chance from difference`;
  }
  return howFast + price(best.cell, slowest.cell);
}

/** `one trial each`, `2 trials each`, `2 and 5 trials`: of two cells of which one has too few for an interval. */
function trialsWords({ trials: one }: Figure, { trials: other }: Figure): string {
  if (one !== other) return `${one} and ${other} trials`;
  return one === 1 ? 'one trial each' : `${one} trials each`;
}
