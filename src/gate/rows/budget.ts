import { mean } from 'simple-statistics';
import type { GatePlan } from '../../model/gate.ts';
import { METRIC_KIND } from '../../model/gate.ts';
import type { BundleFacts } from '../../model/run.ts';
import {
  countedOf,
  type ExactMetric,
  type RatioMetric,
  type ShareMetric,
  shareOf,
  valueInTrial,
} from '../metrics.ts';
import { type Looked, lastJudged } from '../progress.ts';
import type { GateCell } from '../sides.ts';
import { absentOrOpen, passesByFew } from './absent.ts';
import { leastErrorOf } from './difference.ts';
import type { Draft } from './draft.ts';
import { exactBudget } from './exact.ts';
import { figureOver } from './figures.ts';
import { type Point, testSeries } from './series.ts';

/** Head against a limit, over the trials of head that count, whether base's does or not. */
export function budgetRow(
  cell: GateCell,
  { metric, limit }: GatePlan['budgets'][number],
  looked: Looked,
  bundles: readonly BundleFacts[],
): Draft {
  const kind = METRIC_KIND[metric];
  if (kind === 'exact') return exactBudget(cell, metric as ExactMetric, limit, bundles);
  const trials = cell.heads.filter(({ trial }) => trial <= lastJudged(looked));
  const counts = trials.flatMap((trial) => countedOf(trial, metric as ShareMetric) ?? []);
  const shares = kind === 'difference';
  const points = trials.flatMap((trial): Point[] => {
    const counted = shares ? countedOf(trial, metric as ShareMetric) : null;
    const share = counted === null ? null : shareOf(counted);
    const value = shares ? share : valueInTrial(trial, metric as RatioMetric);
    if (value === null) return [];
    return [{ round: trial.trial, x: shares ? value : Math.log(value), base: null, head: value }];
  });
  const shown = (x: number) => (shares ? x : Math.exp(x));
  const about = {
    ...{ cellId: cell.cellId, label: cell.label, metric, kind: 'budget' as const },
    ...{ operation: null, guard: false, tolerance: limit, pairs: points.length, base: null },
    head: figureOver(
      metric,
      points.map((p) => p.head),
    ),
    values: points.map((p): [number, number | null, number] => [p.round, null, p.head]),
  };
  const series = points.map(({ x }) => x);
  const threshold = shares ? limit : Math.log(limit);
  const leastOf = shares
    ? (seen: readonly Point[]) => leastErrorOf([counts.slice(0, seen.length)])
    : undefined;
  const tested = testSeries(points, threshold, looked, leastOf);
  if (tested === null) {
    const having = { head: points.length };
    const value = series.length === 0 ? null : shown(mean(series));
    return {
      about,
      finding: absentOrOpen(metric, having, points.length, trials.length, value, looked),
    };
  }
  const few = passesByFew(tested.pBelow, points.length, trials.length, looked);
  if (few !== null) return { about, finding: few };
  return {
    about,
    finding: {
      kind: 'tested',
      change: { value: shown(tested.mean), low: shown(tested.low), high: shown(tested.high) },
      pFail: tested.pAbove,
      pPass: tested.pBelow,
      signFlip: null,
      ...{ threshold, series, leastError: leastOf?.(points) ?? 0, unpaired: false },
    },
  };
}
