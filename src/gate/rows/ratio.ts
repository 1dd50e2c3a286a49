import { mean } from 'simple-statistics';
import { signFlipP } from '../../stats/sign-flip.ts';
import { type RatioMetric, valueInTrial } from '../metrics.ts';
import { type Looked, lastJudged } from '../progress.ts';
import type { GateCell } from '../sides.ts';
import { absentOrOpen, passesByFew } from './absent.ts';
import { unlikeCosts } from './costs.ts';
import type { Draft } from './draft.ts';
import { figureOver } from './figures.ts';
import { type Point, testSeries } from './series.ts';

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
  const about = {
    ...{ cellId: cell.cellId, label: cell.label, metric, kind: 'ratio' as const },
    ...{ operation: null, guard, tolerance, pairs: points.length },
    base: figureOver(
      metric,
      points.length > 0 ? points.map((p) => p.base as number) : side('base'),
    ),
    head: figureOver(metric, points.length > 0 ? points.map((p) => p.head) : side('head')),
    values: points.map((p): [number, number | null, number] => [p.round, p.base, p.head]),
  };
  const series = points.map(({ x }) => x);
  const tested = testSeries(points, threshold, looked);
  if (tested === null) {
    const value = series.length === 0 ? null : Math.exp(mean(series));
    const sides = { base: side('base').length, head: side('head').length };
    return {
      about,
      finding: absentOrOpen(metric, sides, points.length, pairs.length, value, looked),
    };
  }
  const few = passesByFew(tested.pBelow, points.length, pairs.length, looked);
  const open = (metric === 'cost' ? unlikeCosts(cell) : null) ?? few;
  if (open !== null) return { about, finding: open };
  return {
    about,
    finding: {
      kind: 'tested',
      change: {
        value: Math.exp(tested.mean),
        low: Math.exp(tested.low),
        high: Math.exp(tested.high),
      },
      pFail: tested.pAbove,
      pPass: tested.pBelow,
      signFlip: signFlipP(series, threshold),
      ...{ threshold, series, leastError: 0, unpaired: false },
    },
  };
}
