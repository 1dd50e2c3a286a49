import { expect, test } from 'vitest';
import { holm } from '../stats/adjust.ts';
import { lookSchedule } from './looks.ts';
import { testSeries } from './rows/series.ts';
import { judgeSeries, USUAL_PLAN } from './testing/judged-series.ts';
import { HARSH, simulatedRounds } from './testing/simulated-gate.ts';

/**
 * Error rates of whole gates on trials that drift, shift and whose requests are like their neighbours,
 * at all looks. A rate of 5% is above 6% in 2,000 gates once in 50 times; the seed is fixed.
 */
const GATES = 2000;
/** Without a guard, which would take a share of α and err less. */
const PLAN = { ...USUAL_PLAN, guards: 0 };
const { alpha, minPairs, maxPairs, tolerance } = PLAN;

/** ln(head ÷ base) of p50 and init in gates whose sides are the same. */
function* gatesFrom(seed: number, gates: number) {
  const draw = simulatedRounds(HARSH, seed);
  for (let gate = 0; gate < gates; gate += 1) {
    const rounds = Array.from({ length: maxPairs }, draw);
    yield {
      p50: rounds.map(([base, head]) => head.p50 - base.p50),
      init: rounds.map(([base, head]) => head.init - base.init),
    };
  }
}

const changed = (values: readonly number[], by: number) =>
  values.map((value) => value + Math.log(1 + by));

test('a gate errs in at most 6% of 2,000 at the tolerance and at twice the tolerance', {
  timeout: 60_000,
}, () => {
  const wrong = { oneFails: 0, bothFail: 0, onePasses: 0, oneOfTwoPasses: 0 };
  for (const { p50, init } of gatesFrom(20_261_121, GATES)) {
    const [atTolerance, atTwice] = [changed(p50, tolerance), changed(p50, 2 * tolerance)];
    const verdict = (...rows: number[][]) => judgeSeries(rows, PLAN).verdict;
    if (verdict(atTolerance) === 'fail') wrong.oneFails += 1;
    if (verdict(atTolerance, changed(init, tolerance)) === 'fail') wrong.bothFail += 1;
    if (verdict(atTwice) === 'pass') wrong.onePasses += 1;
    if (verdict(atTwice, init) === 'pass') wrong.oneOfTwoPasses += 1;
  }
  for (const [name, gates] of Object.entries(wrong)) {
    expect(gates / GATES, name).toBeLessThanOrEqual(0.06);
  }
  // A gate that never decides would pass this test, too.
  expect(wrong.oneFails / GATES).toBeGreaterThan(0.03);
});

/** By the gate's own tests with p-values, of all looks up to one; a guard's p is 1. */
function verdictAt(rows: readonly number[][], looks: readonly number[]) {
  const pairs = looks.at(-1) as number;
  const results = rows.map((values) => {
    const points = values
      .slice(0, pairs)
      .map((x, i) => ({ round: i + 1, x, base: 1, head: Math.exp(x) }));
    const isOver = pairs === maxPairs;
    const looked = { alpha, minPairs, plannedPairs: maxPairs, looks, isOver };
    const so = { ...looked, isDecided: false, brokeOff: false };
    const tested = testSeries(points, Math.log(1 + tolerance), so);
    if (tested === null) throw new Error(`nothing is tested at ${pairs} pairs`);
    return tested;
  });
  if (holm([...results.map(({ pAbove }) => pAbove), 1]).some((p) => p <= alpha)) return 'fail';
  return results.every(({ pBelow }) => pBelow <= alpha) ? 'pass' : 'inconclusive';
}

test('series are judged here as the gate judges them', { timeout: 60_000 }, () => {
  const schedule = lookSchedule(minPairs, maxPairs);
  const verdicts = new Set<string>();
  for (const { p50, init } of gatesFrom(3, 8)) {
    for (const by of [0, 0.3]) {
      const rows = [changed(p50, by), init];
      const { verdict, pairs } = judgeSeries(rows, USUAL_PLAN);
      const look = schedule.indexOf(pairs);
      expect(verdictAt(rows, schedule.slice(0, look + 1))).toBe(verdict);
      if (look > 0) expect(verdictAt(rows, schedule.slice(0, look))).toBe('inconclusive');
      verdicts.add(verdict);
    }
  }
  expect([...verdicts].sort()).toEqual(['fail', 'inconclusive', 'pass']);
});
