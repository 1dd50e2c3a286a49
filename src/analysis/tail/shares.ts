import type { Figure } from '../../model/figure.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import type { Tail } from '../../model/tail.ts';
import { jackknifeInterval } from '../../stats/jackknife.ts';
import { LEAST_ROUNDS, plainFigure } from '../figures/figure.ts';

/** Sums over requests of one trial. */
export interface Sums {
  requests: number;
  coldRequests: number;
  totalMs: number;
  partsMs: Record<Part, number>;
}

/** What is compared within one trial. */
export interface TrialSums {
  middle: Sums;
  tail: Sums;
}

export function noSums(): Sums {
  return {
    requests: 0,
    coldRequests: 0,
    totalMs: 0,
    partsMs: Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<Part, number>,
  };
}

export function addSums(to: Sums, from: Sums): void {
  to.requests += from.requests;
  to.coldRequests += from.coldRequests;
  to.totalMs += from.totalMs;
  for (const part of PARTS) to.partsMs[part] += from.partsMs[part];
}

/** Trials with requests on both sides: one too short for a tail has no middle to set against it. */
export function tellingTrials(trials: readonly TrialSums[]): TrialSums[] {
  return trials.filter(({ middle, tail }) => middle.requests > 0 && tail.requests > 0);
}

export function pooled(sums: readonly Sums[]): Sums {
  const all = noSums();
  for (const one of sums) addSums(all, one);
  return all;
}

/** A part's difference of means over that of the totals; null where the tail takes no longer. */
export function shareOf(part: Part, middle: Sums, tail: Sums): number | null {
  if (middle.requests === 0 || tail.requests === 0) return null;
  const difference = (of: (sums: Sums) => number) =>
    of(tail) / tail.requests - of(middle) / middle.requests;
  const whole = difference(({ totalMs }) => totalMs);
  return whole > 0 ? difference(({ partsMs }) => partsMs[part]) / whole : null;
}

/** The part with the greatest share. */
export function leadingPart(middle: Sums, tail: Sums): { part: Part; share: number } | null {
  let leading: { part: Part; share: number } | null = null;
  for (const part of PARTS) {
    const share = shareOf(part, middle, tail);
    if (share !== null && (leading === null || share > leading.share)) leading = { part, share };
  }
  return leading;
}

/**
 * Each part's share of what the tail takes longer: (mean of the part in the tail − in the middle) ÷
 * (mean total in the tail − in the middle), means over the requests of all trials, so that the shares
 * sum to 1. The interval is the delete-one jackknife over trials with a t quantile: the mean of the
 * trials' own shares has another expectation and covers its own in as few as half of cells where cold starts
 * come in some trials only. Empty where there is nothing to compare.
 */
export function partShares(trials: readonly TrialSums[]): Tail['parts'] {
  const telling = tellingTrials(trials);
  const middle = pooled(telling.map((trial) => trial.middle));
  const tail = pooled(telling.map((trial) => trial.tail));
  return PARTS.flatMap((part) => {
    const share = shareOf(part, middle, tail);
    if (share === null) return [];
    const middleMs = middle.partsMs[part] / middle.requests;
    const tailMs = tail.partsMs[part] / tail.requests;
    return [
      {
        part,
        middleMs,
        tailMs,
        differenceMs: tailMs - middleMs,
        share: shareFigure(part, share, telling, tail.requests),
      },
    ];
  });
}

function shareFigure(
  part: Part,
  value: number,
  trials: readonly TrialSums[],
  requests: number,
): Figure {
  const plain = (note: string) => plainFigure(value, 'share', requests, trials.length, note);
  if (trials.length === 1) return plain('one trial gives no interval');
  if (trials.length < LEAST_ROUNDS) {
    return plain(`${trials.length} trials; an interval needs ${LEAST_ROUNDS}`);
  }
  const without = trials.map((_, left) => {
    const rest = trials.filter((_, index) => index !== left);
    return shareOf(
      part,
      pooled(rest.map(({ middle }) => middle)),
      pooled(rest.map(({ tail }) => tail)),
    );
  });
  if (without.includes(null)) return plain('without one of the trials the tail takes no longer');
  const { low, high } = jackknifeInterval(value, without as number[]);
  return {
    value,
    unit: 'share',
    low,
    high,
    interval: 'trials_t',
    n: requests,
    trials: trials.length,
  };
}
