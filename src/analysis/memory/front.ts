import { LEAST_ROUNDS } from '../figures/figure.ts';
import type { Size } from './group.ts';
import { COST, fullRounds, type Measure, shownLess } from './pairs.ts';

export interface Efficiency {
  /** null: cost or latency is not known, or rounds are too few to show anything. */
  efficient: boolean | null;
  dominatedByMb: number | null;
}

/**
 * The front of cost and latency. A size is off it only if another is shown to be both cheaper and
 * faster: both paired intervals leave out 1. Of several such, the cheapest.
 */
export function efficiencyOf(size: Size, sizes: readonly Size[], latency: Measure): Efficiency {
  const comparable = sizes.filter(
    (other) =>
      other !== size &&
      [latency, COST].every((measure) => fullRounds(measure, [size, other]).length >= LEAST_ROUNDS),
  );
  if (comparable.length === 0) return { efficient: null, dominatedByMb: null };
  const better = comparable
    .filter((other) => shownLess(COST, other, size) && shownLess(latency, other, size))
    .sort((a, b) => costOf(a) - costOf(b))[0];
  return { efficient: better === undefined, dominatedByMb: better?.memoryMb ?? null };
}

const costOf = ({ cell }: Size) => COST.ofCell(cell).value ?? Number.POSITIVE_INFINITY;
