import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../base/random.ts';
import { trialEvidence } from '../testing/trial-evidence.ts';
import { drift, STRETCHES_A_THIRD } from './drift.ts';

const normal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Medians of 15 stretches of n lognormal latencies (σ = .5) with a lag-1 correlation, rising by `rise` in all. */
function stretches(random: Random, n: number, correlation: number, rise = 0): number[] {
  const fresh = Math.sqrt(1 - correlation * correlation);
  let z = normal(random);
  const latencies = Array.from({ length: n }, (_, i) => {
    z = correlation * z + fresh * normal(random);
    return Math.exp(0.5 * z + (rise * i) / n);
  });
  const all = 3 * STRETCHES_A_THIRD;
  return Array.from({ length: all }, (_, i) => {
    const own = latencies.slice(Math.floor((i * n) / all), Math.floor(((i + 1) * n) / all));
    return own.sort((a, b) => a - b)[Math.ceil(own.length / 2) - 1] as number;
  });
}

const stateOf = (trials: readonly number[][]) =>
  drift(trialEvidence(trials.map((stretchesMs) => ({ stretchesMs }))))[0]?.state;

test('identical code is hardly ever called drifting, however its latencies hang together (seeded)', () => {
  const random = seededRandom(20261121);
  for (const [n, correlation, most] of [
    [1000, 0, 0.01],
    [1000, 0.9, 0.012],
    [1000, 0.98, 0.03],
    [10_000, 0.9, 0.01],
  ] as const) {
    const trials = Array.from({ length: 400 }, () => stretches(random, n, correlation));
    const alone = trials.filter((trial) => stateOf([trial]) === 'doubtful').length;
    expect(alone / trials.length, `${n} requests, ${correlation}`).toBeLessThanOrEqual(most);
    let cells = 0;
    for (let at = 0; at < trials.length; at += 5) {
      if (stateOf(trials.slice(at, at + 5)) === 'doubtful') cells += 1;
    }
    expect(cells, `cells of ${n} requests, ${correlation}`).toBeLessThanOrEqual(2);
  }
});

test('a rise by half through the hold is told by one trial of 10,000 requests, and by five of 1,000', () => {
  const random = seededRandom(7);
  let alone = 0;
  let cells = 0;
  for (let i = 0; i < 20; i += 1) {
    if (stateOf([stretches(random, 10_000, 0.5, 0.5)]) === 'doubtful') alone += 1;
    const five = Array.from({ length: 5 }, () => stretches(random, 1000, 0.5, 0.5));
    if (stateOf(five) === 'doubtful') cells += 1;
  }
  expect(alone).toBeGreaterThanOrEqual(18);
  expect(cells).toBeGreaterThanOrEqual(18);
});

test('it says how much and which way; too few requests are unknown; a burst has none', () => {
  const slower = Array.from({ length: 15 }, (_, i) => (i < 5 ? 10 : 15) + (i % 3) / 100);
  const [check] = drift(trialEvidence([{ stretchesMs: slower }]));
  expect(check).toMatchObject({ state: 'doubtful', about: 'system' });
  expect(check?.shown).toMatch(/^the last third is (49|50)\.\d% slower than the first$/);
  expect(drift(trialEvidence([{ stretchesMs: [1, 2] }]))[0]).toMatchObject({
    state: 'unknown',
    shown: 'not known: it takes 300 answered requests of the hold',
  });
  const burst = { kind: 'burst', ratePerS: 5, rateFromHost: false, holdS: 10 } as const;
  expect(drift(trialEvidence([{ stretchesMs: slower }], { profile: burst }))).toEqual([]);
});
