import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../base/random.ts';
import {
  addSums,
  noSums,
  partShares,
  pooled,
  shareOf,
  type TrialSums,
  tellingTrials,
} from './shares.ts';

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A thousand requests with lag-1 correlation of .9, a shift of 3% and cold starts in bursts. */
function simulatedTrial(random: Random): TrialSums {
  const shift = Math.exp(0.03 * normal(random));
  const coldShare = 0.004 * Math.exp(0.8 * normal(random));
  let z = normal(random);
  const requests = Array.from({ length: 1000 }, () => {
    z = 0.9 * z + Math.sqrt(1 - 0.81) * normal(random);
    const cold = random() < coldShare;
    const handler = 3 * shift * Math.exp(0.3 * z) + (cold ? 60 : 0);
    const slow = random() < 0.01 ? 20 * Math.exp(0.5 * normal(random)) : 0;
    const backend = 2 * Math.exp(0.2 * normal(random)) + slow;
    const init = cold ? 200 * Math.exp(0.2 * normal(random)) : 0;
    return { totalMs: handler + backend + init, handler, backend, init };
  }).sort((a, b) => a.totalMs - b.totalMs);
  const sums = (from: number, to: number) => {
    const found = noSums();
    for (const { totalMs, ...parts } of requests.slice(from, to)) {
      addSums(found, {
        requests: 1,
        coldRequests: 0,
        totalMs,
        partsMs: { ...noSums().partsMs, ...parts },
      });
    }
    return found;
  };
  return { middle: sums(450, 550), tail: sums(990, 1000) };
}

test('a trial too short for a tail is no part of the middle that others are set against', () => {
  const trial = (tailMs: number | null, middleMs = 5): TrialSums => {
    const sums = (totalMs: number): TrialSums['tail'] => ({
      ...noSums(),
      requests: 1,
      totalMs,
      partsMs: { ...noSums().partsMs, backend: totalMs },
    });
    return { middle: sums(middleMs), tail: tailMs === null ? noSums() : sums(tailMs) };
  };
  const both = [trial(50), trial(70)];
  const short = trial(null, 500);
  expect(tellingTrials([...both, short])).toEqual(both);
  const backend = partShares([...both, short]).find(({ part }) => part === 'backend');
  expect(backend).toMatchObject({ middleMs: 5, tailMs: 60, share: { value: 1, trials: 2 } });
});

test('simulated: the interval holds the share of endless trials in 93 to 97% of cells', () => {
  const random = seededRandom(30);
  const pool = Array.from({ length: 2000 }, () => simulatedTrial(random));
  const parts = ['handler', 'backend', 'init'] as const;
  const truth = parts.map(
    (part) =>
      shareOf(
        part,
        pooled(pool.map(({ middle }) => middle)),
        pooled(pool.map(({ tail }) => tail)),
      ) as number,
  );
  for (const rounds of [5, 10]) {
    const cells = 2000;
    const covered = parts.map(() => 0);
    for (let cell = 0; cell < cells; cell += 1) {
      const drawn = Array.from(
        { length: rounds },
        () => pool[Math.floor(random() * pool.length)] as TrialSums,
      );
      const found = partShares(drawn);
      for (const [index, part] of parts.entries()) {
        const share = found.find((one) => one.part === part)?.share;
        const { low, high } = share as { low: number; high: number };
        const value = truth[index] as number;
        if (low <= value && value <= high) covered[index] = (covered[index] as number) + 1;
      }
    }
    for (const count of covered) {
      expect(count / cells).toBeGreaterThan(0.93);
      expect(count / cells).toBeLessThan(0.97);
    }
  }
}, 30_000);
