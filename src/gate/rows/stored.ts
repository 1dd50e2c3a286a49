import type { GateMetric, GatePlan } from '../../model/gate.ts';
import { METRIC_KIND } from '../../model/gate.ts';
import type { BundleFacts } from '../../model/run.ts';
import { testAgainstBaseline } from '../baseline/welch.ts';
import { bundlesOf } from '../bundles.ts';
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
import { absent, passesByFew } from './absent.ts';
import { leastErrorOf } from './difference.ts';
import type { Draft, Finding } from './draft.ts';
import { callsOf, exactDraft, mostGrown } from './exact.ts';
import { figureOver } from './figures.ts';
import type { RowAsked } from './ratio.ts';

type StoredCell = NonNullable<GatePlan['baseline']>['cells'][number];

/** Head against the trials of an earlier run: looked at once, when no further round comes. */
export function baselineRow(
  cell: GateCell,
  asked: RowAsked<GateMetric>,
  plan: GatePlan,
  looked: Looked,
  bundles: readonly BundleFacts[],
): Draft {
  const stored = plan.baseline?.cells.find(({ cellId }) => cellId === cell.cellId) ?? null;
  const kind = METRIC_KIND[asked.metric];
  return kind === 'exact'
    ? storedExact(cell, { ...asked, metric: asked.metric as ExactMetric }, stored, bundles)
    : storedSeries(cell, asked, kind, stored, looked);
}

function storedExact(
  cell: GateCell,
  asked: RowAsked<ExactMetric>,
  stored: StoredCell | null,
  bundles: readonly BundleFacts[],
): Draft {
  if (asked.metric === 'backendCalls') {
    const known = stored !== null && Object.keys(stored.backendCalls).length > 0;
    return exactDraft(
      cell,
      asked,
      mostGrown(known ? stored.backendCalls : null, callsOf(cell.head)),
      cell.heads.length,
    );
  }
  const head = bundlesOf(cell, bundles).head?.bytes ?? null;
  const found = { operation: null, base: stored?.bundleBytes ?? null, head };
  return exactDraft(cell, asked, found, cell.heads.length);
}

function storedSeries(
  cell: GateCell,
  { metric, tolerance, guard }: RowAsked<GateMetric>,
  kind: 'ratio' | 'difference',
  stored: StoredCell | null,
  looked: Looked,
): Draft {
  const shares = metric as ShareMetric;
  const trials = cell.heads.filter(({ trial }) => trial <= lastJudged(looked));
  const before = stored?.trials ?? [];
  const countsBefore = before.flatMap((trial) => countedOf(trial, shares) ?? []);
  const countsAfter = trials.flatMap((trial) => countedOf(trial, shares) ?? []);
  const ratio = kind === 'ratio';
  const base = ratio
    ? before.flatMap(({ values }) => positive(values[metric]))
    : countsBefore.map(shareOf);
  const points = trials.flatMap((trial) => {
    const counted = ratio ? null : countedOf(trial, shares);
    const share = counted === null ? null : shareOf(counted);
    const value = ratio ? valueInTrial(trial, metric as RatioMetric) : share;
    return value === null ? [] : [{ round: trial.trial, value }];
  });
  const head = points.map(({ value }) => value);
  const leastError = ratio ? 0 : leastErrorOf([countsBefore, countsAfter]);
  const threshold = ratio ? Math.log(1 + tolerance) : tolerance;
  return {
    about: {
      ...{
        cellId: cell.cellId,
        label: cell.label,
        metric,
        kind,
        operation: null,
        guard,
        tolerance,
      },
      base: figureOver(metric, base),
      head: figureOver(metric, head),
      pairs: head.length,
      values: points.map(({ round, value }): [number, null, number] => [round, null, value]),
    },
    finding: storedFinding(
      metric,
      { base, head },
      { kind, threshold, leastError },
      looked,
      trials.length,
    ),
  };
}

function storedFinding(
  metric: GateMetric,
  { base, head }: { base: number[]; head: number[] },
  test: { kind: 'ratio' | 'difference'; threshold: number; leastError: number },
  looked: Looked,
  counted: number,
): Finding {
  const open = (reason: string): Finding => ({ kind: 'open', reason, change: null });
  if (base.length === 0) return absent(metric, 'the baseline');
  if (looked.brokeOff) return open('the run broke off before it could be compared');
  if (!looked.isOver && !looked.isDecided) {
    return open('a stored baseline is compared with once, when all rounds are run');
  }
  if (counted === 0) return open('no trial of head counts');
  if (head.length === 0) return absent(metric, 'head');
  if (Math.min(base.length, head.length) < 2) {
    return open(
      `the baseline has ${base.length} and head ${head.length} that count; two are needed`,
    );
  }
  const ratio = test.kind === 'ratio';
  const [a, b] = ratio ? [base.map(Math.log), head.map(Math.log)] : [base, head];
  const { alpha } = looked;
  const found = testAgainstBaseline({ ...test, base: a, head: b, alpha });
  const few = passesByFew(found.pPass, head.length, counted, looked);
  if (few !== null) return few;
  const shown = (x: number) => (ratio ? Math.exp(x) : x);
  return {
    kind: 'tested',
    change: { value: shown(found.value), low: shown(found.low), high: shown(found.high) },
    pFail: found.pFail,
    pPass: found.pPass,
    signFlip: null,
    threshold: test.threshold,
    series: [],
    ...{ leastError: test.leastError, unpaired: true },
  };
}

const positive = (value: number | undefined) => (value !== undefined && value > 0 ? [value] : []);
