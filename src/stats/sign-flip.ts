/** Of more values there are more signs than can be counted in reasonable time and memory. */
const MOST_VALUES = 40;

/**
 * One-sided exact p of "the mean is at most the threshold" by flipping signs: the share of all 2ⁿ ways
 * to give the distances from the threshold a sign whose sum is at least the one that was seen (Fisher,
 * The Design of Experiments, 1935). At least 2⁻ⁿ. Counted by halves: the sums of one half, ascending,
 * against those of the other, descending. null of no value, and of more than 40.
 */
export function signFlipP(values: readonly number[], threshold: number): number | null {
  const n = values.length;
  if (n === 0 || n > MOST_VALUES) return null;
  const distances = values.map((value) => value - threshold);
  const size = distances.reduce((total, distance) => total + Math.abs(distance), 0);
  // Sums of the same numbers in another order differ by rounding.
  const seen = distances.reduce((total, distance) => total + distance, 0) - 1e-9 * size;
  const middle = Math.floor(n / 2);
  const one = signedSums(distances.slice(0, middle)).sort();
  const other = signedSums(distances.slice(middle)).sort();
  let atLeast = 0;
  let from = other.length;
  for (const sum of one) {
    while (from > 0 && sum + (other[from - 1] as number) >= seen) from -= 1;
    atLeast += other.length - from;
  }
  return atLeast / 2 ** n;
}

function signedSums(distances: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** distances.length);
  let filled = 1;
  for (const distance of distances) {
    for (let i = 0; i < filled; i += 1) {
      sums[filled + i] = (sums[i] as number) + distance;
      sums[i] = (sums[i] as number) - distance;
    }
    filled *= 2;
  }
  return sums;
}
