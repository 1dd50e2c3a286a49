import type { Figure } from '../../model/analysis.ts';

/** Ratios of times in words, which never claim more than the interval shows. */

/** Below it a ratio would be shown as `1.0 times`. */
export const SAME_BELOW = 1.05;

/** Whether the interval leaves out "no difference". */
export function isShown({ value, low, high }: Figure): boolean {
  return value !== null && low !== null && high !== null && (low > 1 || high < 1);
}

/** How far the ratio is from 1, in either direction; 0 where it is not known. */
export function strength({ value }: Figure): number {
  return value === null || value <= 0 ? 0 : Math.abs(Math.log(value));
}

export interface RatioWords {
  kind: 'unknown' | 'undecided' | 'same' | 'differs';
  /** `41 times faster`. */
  what: string;
  /** ` [38, 44]`; ` (2 rounds, no interval)` where they are too few for one. */
  interval: string;
}

export function describeRatio(ratio: Figure): RatioWords {
  const { value, low, high, trials } = ratio;
  if (value === null || value <= 0) return { kind: 'unknown', what: 'not known', interval: '' };
  const faster = value < 1;
  const between = (from: number, to: number) => ` [${plainRatio(from)}, ${plainRatio(to)}]`;
  const as = (invert: boolean) => {
    if (low === null || high === null) {
      return ` (${trials} ${trials === 1 ? 'round' : 'rounds'}, no interval)`;
    }
    return invert ? between(1 / high, 1 / low) : between(low, high);
  };
  if (low !== null && !isShown(ratio)) {
    return { kind: 'undecided', what: 'no difference shown', interval: as(false) };
  }
  if (Math.max(value, 1 / value) < SAME_BELOW) {
    return { kind: 'same', what: 'the same to within 5%', interval: as(false) };
  }
  const what = `${plainRatio(faster ? 1 / value : value)} times ${faster ? 'faster' : 'slower'}`;
  return { kind: 'differs', what, interval: as(faster) };
}

/** `41 times faster [38, 44]`, `no difference shown [0.95, 1.10]`, `2.3 times slower (1 round, no interval)`. */
export function ratioWords(ratio: Figure): string {
  const { what, interval } = describeRatio(ratio);
  return what + interval;
}

/** `1.07`, `2.3`, `41`. */
export function plainRatio(ratio: number): string {
  if (ratio >= 9.95) return ratio.toFixed(0);
  if (ratio >= 1.995) return ratio.toFixed(1);
  return ratio.toFixed(ratio >= 0.095 ? 2 : 3);
}
