import { type Counted, countedOf, type ShareMetric, shareOf } from '../metrics.ts';
import { type Looked, lastJudged } from '../progress.ts';
import type { GateCell } from '../sides.ts';
import type { Draft } from './draft.ts';
import { figureOver } from './figures.ts';
import type { RowAsked } from './ratio.ts';
import type { Point } from './series.ts';
import { seriesRow } from './series-row.ts';

/** Share of head − share of base by round against the tolerance. */
export function differenceRow(cell: GateCell, asked: RowAsked<ShareMetric>, looked: Looked): Draft {
  const { metric, tolerance, guard } = asked;
  const pairs = cell.pairs.filter(({ round }) => round <= lastJudged(looked));
  const counts = pairs.flatMap(({ round, base, head }) => {
    const [a, b] = [countedOf(base, metric), countedOf(head, metric)];
    return a === null || b === null ? [] : [{ round, base: a, head: b }];
  });
  const points = counts.map(({ round, base, head }): Point => {
    const [a, b] = [shareOf(base), shareOf(head)];
    return { round, x: b - a, base: a, head: b };
  });
  const having = (of: 'base' | 'head') =>
    pairs.filter((pair) => countedOf(pair[of], metric) !== null).length;
  return seriesRow(
    cell,
    {
      ...{ metric, kind: 'difference', guard, tolerance, points, counted: pairs.length },
      base: figureOver(
        metric,
        points.map((p) => p.base as number),
      ),
      head: figureOver(
        metric,
        points.map((p) => p.head),
      ),
      having: { base: having('base'), head: having('head') },
      threshold: tolerance,
      shown: (x) => x,
      leastOf: (seen) => {
        const inside = counts.slice(0, seen.length);
        return leastErrorOf([inside.map(({ base }) => base), inside.map(({ head }) => head)]);
      },
    },
    looked,
  );
}

/**
 * The standard error of a share, or of the difference of two, were requests independent: √Σ p̃(1 − p̃) ÷
 * (n + 2) with p̃ = (x + 1) ÷ (n + 2) of each side (Agresti and Caffo, The American Statistician 2000).
 * Shares of which all trials are 0 have no spread, and that is no certainty.
 */
export function leastErrorOf(sides: readonly (readonly Counted[])[]): number {
  let squared = 0;
  for (const side of sides) {
    const hits = side.reduce((total, one) => total + one.hits, 0);
    const of = side.reduce((total, one) => total + one.of, 0);
    const share = (hits + 1) / (of + 2);
    squared += (share * (1 - share)) / (of + 2);
  }
  return Math.sqrt(squared);
}
