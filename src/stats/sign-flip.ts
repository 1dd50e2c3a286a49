/** One-sided exact p of "the mean is at most the threshold" by flipping signs of all values about it. */
export function signFlipP(_values: readonly number[], _threshold: number): number {
  throw new Error('to be written');
}
