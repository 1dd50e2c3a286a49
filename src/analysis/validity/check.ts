import { formatShare } from '../../base/numbers.ts';
import type { Check } from '../../model/analysis.ts';

export type State = Check['state'];

const COUNT = new Intl.NumberFormat('en-US');

/** `3 of 2,140 (0.14%)` */
export function shownOf(part: number, whole: number): string {
  if (whole === 0) return `${COUNT.format(part)} of 0`;
  return `${COUNT.format(part)} of ${COUNT.format(whole)} (${formatShare(part / whole)})`;
}

export function shownCount(count: number): string {
  return COUNT.format(count);
}

/** Sound up to `sound`, doubtful up to `doubtful`, void beyond. */
export function atMost(value: number, sound: number, doubtful: number): State {
  if (value <= sound) return 'sound';
  return value <= doubtful ? 'doubtful' : 'void';
}

/** Sound from `sound` on, doubtful from `doubtful` on, void below. */
export function atLeast(value: number, sound: number, doubtful: number): State {
  if (value >= sound) return 'sound';
  return value >= doubtful ? 'doubtful' : 'void';
}

/** The worst of them; what is unknown says nothing. */
export function worst(states: readonly State[]): 'sound' | 'doubtful' | 'void' {
  if (states.includes('void')) return 'void';
  return states.includes('doubtful') ? 'doubtful' : 'sound';
}
