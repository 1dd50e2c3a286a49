import { type Look, type SequentialResult, sequentialTest } from '../../stats/sequential.ts';
import type { Looked } from '../progress.ts';

/** One round of a row. */
export interface Point {
  round: number;
  /** What is tested: ln(head ÷ base), share − share, ln(head) or a share. */
  x: number;
  /** In the metric's unit; null of a budget. */
  base: number | null;
  head: number;
}

/** A lower limit of the mean's standard error, of the points up to a look. */
export type LeastError = (points: readonly Point[]) => number;

/**
 * The looks that saw something new, each with the pairs it saw. The share of the planned pairs stays
 * below 1 until the look that is known to be the last: rounds may go faster than was planned with.
 */
function looksOf(points: readonly Point[], looked: Looked, leastError?: LeastError): Look[] {
  const found: Look[] = [];
  for (const round of looked.looks) {
    const seen = points.filter((point) => point.round <= round);
    const n = seen.length;
    if (n < looked.minPairs || n === found.at(-1)?.values.length) continue;
    found.push({
      values: seen.map(({ x }) => x),
      fraction: n / Math.max(looked.plannedPairs, n + 1),
      ...(leastError === undefined ? {} : { leastError: leastError(seen) }),
    });
  }
  const last = found.at(-1);
  if (looked.isOver && last !== undefined) last.fraction = 1;
  return found;
}

/** null where too few pairs count for any look. */
export function testSeries(
  points: readonly Point[],
  threshold: number,
  looked: Looked,
  leastError?: LeastError,
): SequentialResult | null {
  const looks = looksOf(points, looked, leastError);
  if (looks.length === 0) return null;
  return sequentialTest({ looks, threshold, alpha: looked.alpha });
}
