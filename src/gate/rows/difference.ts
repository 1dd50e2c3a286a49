import { mean } from 'simple-statistics';
import { type Counted, countedOf, type ShareMetric, shareOf } from '../metrics.ts';
import { type Looked, lastJudged } from '../progress.ts';
import type { GateCell } from '../sides.ts';
import { absentOrOpen } from './absent.ts';
import type { Draft } from './draft.ts';
import { figureOver } from './figures.ts';
import type { RowAsked } from './ratio.ts';
import { type LeastError, type Point, testSeries } from './series.ts';

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
  const about = {
    ...{ cellId: cell.cellId, label: cell.label, metric, kind: 'difference' as const },
    ...{ operation: null, guard, tolerance, pairs: points.length },
    base: figureOver(
      metric,
      points.map((p) => p.base as number),
    ),
    head: figureOver(
      metric,
      points.map((p) => p.head),
    ),
    values: points.map((p): [number, number | null, number] => [p.round, p.base, p.head]),
  };
  const series = points.map(({ x }) => x);
  const leastOf: LeastError = (seen) => {
    const inside = counts.slice(0, seen.length);
    return leastErrorOf([inside.map(({ base }) => base), inside.map(({ head }) => head)]);
  };
  const tested = testSeries(points, tolerance, looked, leastOf);
  if (tested === null) {
    const sides = { base: having('base'), head: having('head') };
    const value = series.length === 0 ? null : mean(series);
    return {
      about,
      finding: absentOrOpen(metric, sides, points.length, pairs.length, value, looked),
    };
  }
  return {
    about,
    finding: {
      kind: 'tested',
      change: { value: tested.mean, low: tested.low, high: tested.high },
      pFail: tested.pAbove,
      pPass: tested.pBelow,
      signFlip: null,
      ...{ threshold: tolerance, series, leastError: leastOf(points), unpaired: false },
    },
  };
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
