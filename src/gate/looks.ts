/** From one look to the next the pairs grow by a fifth: 5, 6, 8, 10, 12, 15, 18, 22, 27, 30. */
const GROWTH = 1.2;

/**
 * The rounds after which a gate looks for its verdict. Looks close together see much the same and cost
 * certainty each: with one after every pair, tests of few pairs refuse a tenth more often than they
 * may, with these a twentieth (see docs/methodology.md).
 */
export function lookSchedule(minPairs: number, maxPairs: number): number[] {
  const looks: number[] = [];
  for (let pairs = minPairs; pairs < maxPairs; pairs = Math.ceil(pairs * GROWTH)) looks.push(pairs);
  return [...looks, maxPairs];
}
