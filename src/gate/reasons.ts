import { formatP } from '../base/numbers.ts';
import type { GateMetric, Verdict } from '../model/gate.ts';
import type { Draft, Tested } from './rows/draft.ts';
import { hundredths, hundredthsApart, toleranceText, valueText } from './words.ts';

/** What makes a sentence of a tested row. */
export interface Told {
  about: Draft['about'];
  tested: Tested;
  verdict: Verdict;
  failAdjusted: number;
  /** Rows that are tested. */
  tests: number;
  morePairs: number | null;
}

/** Why a tested row has its verdict, as one sentence. */
export function reasonOf(told: Told): string {
  const { about, tested, verdict, failAdjusted } = told;
  const { low, high } = tested.change;
  const scale = scaleOf(about);
  switch (verdict) {
    case 'fail':
      return low > scale.limit
        ? `${scale.atLeast(low)}; ${scale.allowed}`
        : // An earlier look showed it, and pairs since then have drawn the bound back.
          `${scale.is(tested.change.value)}; ${scale.allowed}; an earlier look showed it (adjusted p ${formatP(failAdjusted)})`;
    case 'pass':
      return high < scale.limit
        ? scale.atMost(high)
        : `${scale.is(tested.change.value)}; ${scale.allowed}; an earlier look showed it (p ${formatP(tested.pPass)})`;
    case 'inconclusive':
      return openReason(told, scale);
  }
}

function openReason({ about, tested, failAdjusted, tests, morePairs }: Told, scale: Scale): string {
  const { low, high } = tested.change;
  const alone = low > scale.limit && tests > 1;
  const seen = alone
    ? `${scale.atLeast(low)} were it the only test, which is not enough among ${tests} (adjusted p ${formatP(failAdjusted)}),`
    : scale.between(low, high);
  const [one, many] =
    about.kind === 'budget' || tested.unpaired ? ['trial', 'trials'] : ['pair', 'pairs'];
  const after = `after ${about.pairs} ${about.pairs === 1 ? one : many}`;
  if (about.guard) return `no growth is shown: ${seen} ${after}`;
  if (morePairs !== null) return `${seen} ${after}; about ${morePairs} more would decide`;
  return tested.unpaired
    ? `${seen} ${after}`
    : `${seen} ${after}; too close to what is allowed for more ${many} to decide`;
}

interface Scale {
  /** What the bounds are held against, in the row's own terms. */
  limit: number;
  /** `5% are tolerated` */
  allowed: string;
  is(value: number): string;
  atLeast(low: number): string;
  atMost(high: number): string;
  between(low: number, high: number): string;
}

function scaleOf({ kind, metric, tolerance }: Draft['about']): Scale {
  if (kind === 'budget') return budgetScale(metric, tolerance);
  if (kind === 'difference') return pointsScale(metric, tolerance);
  const [more, less] = metric === 'cost' ? ['dearer', 'cheaper'] : ['slower', 'faster'];
  const text = (ratio: number) => hundredthsApart(ratio - 1, tolerance);
  const is = (ratio: number) => `${hundredths(ratio - 1)}% ${ratio < 1 ? less : more}`;
  return {
    limit: 1 + tolerance,
    allowed: tolerated(tolerance, '%'),
    is,
    atLeast: (low) => (low < 1 ? `at most ${is(low)}` : `at least ${text(low)}% ${more}`),
    atMost: (high) => (high < 1 ? `at least ${is(high)}` : `at most ${text(high)}% ${more}`),
    between: (low, high) =>
      low < 1 === high < 1
        ? `between ${hundredths(low - 1)}% and ${is(high)}`
        : `between ${is(low)} and ${is(high)}`,
  };
}

function pointsScale(metric: GateMetric, tolerance: number): Scale {
  const noun = metric === 'errorRate' ? 'failures' : 'cold starts';
  const text = (share: number) => hundredthsApart(share, tolerance);
  const points = 'percentage points';
  const is = (share: number) =>
    `${hundredths(share)} ${points} ${share < 0 ? 'fewer' : 'more'} ${noun}`;
  return {
    limit: tolerance,
    allowed: tolerated(tolerance, ''),
    is,
    atLeast: (low) => `at least ${text(low)} ${points} more ${noun}`,
    atMost: (high) =>
      high < 0 ? `at least ${is(high)}` : `at most ${text(high)} ${points} more ${noun}`,
    between: (low, high) => {
      const [least, most] = [low, high].map((share) => (share < 0 ? 'fewer' : 'more'));
      const from = `${hundredths(low)} ${points}${least === most ? '' : ` ${least}`}`;
      return `between ${from} and ${hundredths(high)} ${most} ${noun}`;
    },
  };
}

function budgetScale(metric: GateMetric, limit: number): Scale {
  const text = (value: number) => valueText(metric, value);
  // A share's interval may reach below what a share can be.
  const least = (value: number) => text(Math.max(0, value));
  const allowed = `the limit is ${text(limit)}`;
  return {
    ...{ limit, allowed, is: text },
    atLeast: (low) => `at least ${text(low)}`,
    atMost: (high) => `at most ${text(high)}; ${allowed}`,
    between: (low, high) => `between ${least(low)} and ${text(high)}, ${allowed},`,
  };
}

function tolerated(tolerance: number, sign: string): string {
  if (tolerance === 0) return 'none is tolerated';
  return `${toleranceText(tolerance)}${sign} are tolerated`;
}

/** Of a size or a count. */
export function exactReason(
  metric: GateMetric,
  base: number,
  head: number,
  tolerance: number,
): string {
  const [before, after] = [valueText(metric, base), valueText(metric, head)];
  if (base === head) return `${after}, as before`;
  const way = head > base ? 'grew' : 'shrank';
  const by = base === 0 ? '' : ` by ${hundredthsApart(head / base - 1, tolerance)}%`;
  const change = `${way}${by}, from ${before} to ${after}`;
  const beyond = head > base * (1 + tolerance) * (1 + 1e-12);
  return beyond ? `${change}; ${tolerated(tolerance, '%')}` : change;
}

export function exactBudgetReason(metric: GateMetric, head: number, limit: number): string {
  return `${valueText(metric, head)}; the limit is ${valueText(metric, limit)}`;
}
