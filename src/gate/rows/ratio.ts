import { signFlipP } from '../../stats/sign-flip.ts';
import { type RatioMetric, valueInTrial } from '../metrics.ts';
import { type Looked, lastJudged } from '../progress.ts';
import type { GateCell } from '../sides.ts';
import { passesByFew } from './absent.ts';
import { unlikeCosts } from './costs.ts';
import type { Draft } from './draft.ts';
import { figureOver } from './figures.ts';
import type { Point } from './series.ts';
import { seriesRow } from './series-row.ts';

export interface RowAsked<Metric> {
  metric: Metric;
  tolerance: number;
  guard: boolean;
}

/** ln(head ÷ base) by round against ln(1 + tolerance). */
export function ratioRow(cell: GateCell, asked: RowAsked<RatioMetric>, looked: Looked): Draft {
  const { metric, tolerance, guard } = asked;
  const pairs = cell.pairs.filter(({ round }) => round <= lastJudged(looked));
  const points = pairs.flatMap(({ round, base, head }): Point[] => {
    const [a, b] = [valueInTrial(base, metric), valueInTrial(head, metric)];
    return a === null || b === null ? [] : [{ round, x: Math.log(b / a), base: a, head: b }];
  });
  const side = (of: 'base' | 'head') =>
    pairs.flatMap((pair) => valueInTrial(pair[of], metric) ?? []);
  const threshold = Math.log(1 + tolerance);
  const some = points.length > 0;
  return seriesRow(
    cell,
    {
      ...{ metric, kind: 'ratio', guard, tolerance, points, counted: pairs.length, threshold },
      base: figureOver(metric, some ? points.map((p) => p.base as number) : side('base')),
      head: figureOver(metric, some ? points.map((p) => p.head) : side('head')),
      having: { base: side('base').length, head: side('head').length },
      shown: Math.exp,
      open: ({ pBelow }) =>
        (metric === 'cost' ? unlikeCosts(cell) : null) ??
        passesByFew(pBelow, points.length, pairs.length, looked),
      signFlip: (series) => signFlipP(series, threshold),
    },
    looked,
  );
}
