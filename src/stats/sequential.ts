/** Observations at one look: the first n of a growing series. */
export interface Look {
  values: readonly number[];
  /** Share of the planned observations that n is, in (0, 1]; 1 at a look that is known to be the last. */
  fraction: number;
}

export interface SequentialResult {
  mean: number;
  /** Bounds of the mean at the last look, each at level 1 − α over all looks at once. */
  low: number;
  high: number;
  /** Smallest α at which "the mean is at most the threshold" is refused at this look or at one before. */
  pAbove: number;
  /** The same of "the mean is at least the threshold". */
  pBelow: number;
}

/** Tests the mean of a series against a threshold at each of several looks. Needs two values or more. */
export function sequentialTest(_job: {
  looks: readonly Look[];
  threshold: number;
  alpha: number;
  /** The standard error of the mean at the last look is at least this. @default 0 */
  leastError?: number;
}): SequentialResult {
  throw new Error('to be written');
}

/** About how many more observations decide with a probability of 80%; null: more than `most`, or none does. */
export function moreObservations(_job: {
  values: readonly number[];
  threshold: number;
  alpha: number;
  most: number;
}): number | null {
  throw new Error('to be written');
}
