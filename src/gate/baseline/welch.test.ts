import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { normals } from '../../stats/testing/normal.ts';
import { unpairedRatioTest } from '../../stats/tests.ts';
import { RUN_SHIFT, testAgainstBaseline } from './welch.ts';

const ALPHA = 0.05;
const TOLERANCE = 0.05;
const THRESHOLD = Math.log(1 + TOLERANCE);
const GATES = 2_000;
/** Standard deviation of ln of a trial's figure within its run. */
const TRIAL_SPREAD = 0.03;

interface Shares {
  fail: number;
  pass: number;
  /** Fails without the allowance for shifts of whole runs. */
  failWithout: number;
}

/** Verdicts on heads that take `ratio` times as long, each run with a shift of its own. */
function simulated(ratio: number, trials: { base: number; head: number }): Shares {
  const normal = normals(seededRandom(20));
  const run = (count: number, factor: number) => {
    const centre = Math.log(factor) + RUN_SHIFT * normal();
    return Array.from({ length: count }, () => centre + TRIAL_SPREAD * normal());
  };
  const counts = { fail: 0, pass: 0, failWithout: 0 };
  for (let i = 0; i < GATES; i += 1) {
    const sides = { base: run(trials.base, 1), head: run(trials.head, ratio) };
    const job = { ...sides, threshold: THRESHOLD, alpha: ALPHA };
    const found = testAgainstBaseline({ ...job, kind: 'ratio' });
    // Differences have no allowance; on the same numbers they are the plain test of Welch.
    const plain = testAgainstBaseline({ ...job, kind: 'difference' });
    if (found.pFail <= ALPHA) counts.fail += 1;
    if (found.pPass <= ALPHA) counts.pass += 1;
    if (plain.pFail <= ALPHA) counts.failWithout += 1;
  }
  const { fail, pass, failWithout } = counts;
  return { fail: fail / GATES, pass: pass / GATES, failWithout: failWithout / GATES };
}

describe('against a stored baseline, runs shifted by 3%', () => {
  const sizes = [
    { base: 3, head: 5 },
    { base: 5, head: 5 },
    { base: 10, head: 10 },
    { base: 10, head: 30 },
  ];

  test.each(sizes)('$base and $head trials: false verdicts at most 6%', (trials) => {
    const atTolerance = simulated(1 + TOLERANCE, trials);
    const atTwice = simulated(1 + 2 * TOLERANCE, trials);
    expect(atTolerance.fail).toBeLessThanOrEqual(0.06);
    expect(atTolerance.fail).toBeGreaterThan(0.03);
    expect(atTwice.pass).toBeLessThanOrEqual(0.06);
  });

  test('without the allowance a fifth to a third of the verdicts at the tolerance are false', () => {
    expect(simulated(1 + TOLERANCE, { base: 5, head: 5 }).failWithout).toBeGreaterThan(0.18);
    expect(simulated(1 + TOLERANCE, { base: 10, head: 10 }).failWithout).toBeGreaterThan(0.27);
  });

  test('20% slower is found, unchanged code is not failed', () => {
    const trials = { base: 10, head: 10 };
    expect(simulated(1.2, trials).fail).toBeGreaterThan(0.85);
    expect(simulated(1, trials).fail).toBeLessThan(0.01);
  });
});

const noise = [-0.01, 0.02, 0, 0.01, -0.02];

test('many trials do not make up for two shifts', () => {
  const many = (centre: number) =>
    Array.from({ length: 400 }, (_, i) => centre + (noise[i % 5] as number));
  const sides = { base: many(1), head: many(1) };
  const job = { kind: 'ratio', threshold: THRESHOLD, alpha: ALPHA } as const;
  const { low, high } = testAgainstBaseline({ ...job, ...sides });
  expect(high - low).toBeGreaterThan(2 * 1.64 * Math.SQRT2 * RUN_SHIFT);
});

test('bounds and p-values agree: the bound is at the threshold where p is α', () => {
  const base = noise.map((x) => 3 + x);
  const head = noise.map((x) => 3.1 + 2 * x);
  const job = { kind: 'ratio', base, head, alpha: ALPHA } as const;
  const { value, low, high } = testAgainstBaseline({ ...job, threshold: 0 });
  expect(value).toBeCloseTo(0.1, 10);
  expect(testAgainstBaseline({ ...job, threshold: low }).pFail).toBeCloseTo(ALPHA, 6);
  expect(testAgainstBaseline({ ...job, threshold: high }).pPass).toBeCloseTo(ALPHA, 6);
});

test('shares: Welch, at least with the error that is given, and without any spread exactly', () => {
  const none = [0, 0, 0];
  const job = { kind: 'difference', base: none, threshold: 0.01, alpha: ALPHA } as const;
  expect(testAgainstBaseline({ ...job, head: none })).toMatchObject({ pFail: 1, pPass: 0 });
  const more = [0.02, 0.02, 0.02];
  expect(testAgainstBaseline({ ...job, head: more })).toMatchObject({ pFail: 0, pPass: 1 });
  const floored = testAgainstBaseline({ ...job, head: more, leastError: 0.01 });
  // One error beyond the threshold: the upper tail of the normal distribution.
  expect(floored.pFail).toBeCloseTo(0.1587, 3);
});

test('without shifts it is the test of Welch', () => {
  const [base, head] = [
    [1, 2, 3],
    [3, 5, 8],
  ];
  const job = { kind: 'difference', base, head, threshold: 0, alpha: 0.025 } as const;
  const { value, low, high, pFail } = testAgainstBaseline(job);
  const welch = unpairedRatioTest(base.map(Math.exp), head.map(Math.exp));
  expect(value).toBeCloseTo(Math.log(welch.ratio), 10);
  expect([low, high]).toEqual(
    [Math.log(welch.low), Math.log(welch.high)].map((x) => expect.closeTo(x, 8)),
  );
  expect(pFail).toBeCloseTo(welch.p / 2, 8);
});
