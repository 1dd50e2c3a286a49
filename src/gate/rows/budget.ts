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
import { passesByFew } from './absent.ts';
import { leastErrorOf } from './difference.ts';
import type { Draft } from './draft.ts';
import { exactBudget } from './exact.ts';
import { figureOver } from './figures.ts';
import type { Point } from './series.ts';
import { seriesRow } from './series-row.ts';

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
  return seriesRow(
    cell,
    {
      ...{ metric, kind: 'budget', guard: false, tolerance: limit, points, base: null },
      ...{ counted: trials.length, having: { head: points.length } },
      head: figureOver(
        metric,
        points.map((p) => p.head),
      ),
      threshold: shares ? limit : Math.log(limit),
      shown: (x) => (shares ? x : Math.exp(x)),
      ...(shares ? { leastOf: (seen) => leastErrorOf([counts.slice(0, seen.length)]) } : {}),
      open: ({ pBelow }) => passesByFew(pBelow, points.length, trials.length, looked),
    },
    looked,
  );
}
