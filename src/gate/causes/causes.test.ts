import { expect, test } from 'vitest';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { GateCause, GateMetric } from '../../model/gate.ts';
import { judgeGate } from '../judge.ts';
import { type Change, slower } from '../testing/changes.ts';
import { CELL_ID, type GateCase, gateAnalysis, partsOf } from '../testing/gate-analysis.ts';

function causeOf(metric: GateMetric, asked: Omit<GateCase, 'rounds'>): GateCause {
  const plan = { metrics: [{ metric, tolerance: 0.05, guard: false }] };
  const result = judgeGate(gateAnalysis({ rounds: 6, plan, ...asked }));
  expect(result?.rows.map(({ verdict }) => verdict)).toEqual(['fail']);
  const cause = result?.causes[0];
  if (cause === undefined) throw new Error('no cause');
  return cause;
}

const initBy =
  (loadMs: number, startMs: number): Change =>
  (trial, side) => {
    if (side !== 'head' || trial.initMs === null || trial.loadMs === null) return;
    trial.initMs += loadMs + startMs;
    trial.loadMs += loadMs;
  };

test('the parts of a latency are ordered by growth, sum to the whole and have intervals', () => {
  const { parts } = causeOf('p50', { change: slower(0.2) });
  expect(parts.map(({ part }) => part)[0]).toBe('handler');
  const handler = parts[0];
  expect(handler).toMatchObject({ shown: true });
  expect(handler?.growthMs).toBeCloseTo((handler?.headMs ?? 0) - (handler?.baseMs ?? 0), 9);
  expect(handler?.lowMs).toBeGreaterThan(1);
  const backend = parts.find(({ part }) => part === 'backend');
  expect(backend).toMatchObject({ shown: false });
  // Parts that neither side has are left out.
  expect(parts.map(({ part }) => part).sort()).toEqual(['backend', 'handler', 'overhead']);
});

test('a part whose growth chance may have made is not claimed', () => {
  const change: Change = (trial, side) => {
    if (side !== 'head' || trial.p50Ms === null) return;
    trial.p50Ms *= 1.3;
    const parts = partsOf(10);
    parts.handler += trial.trial % 2 === 0 ? 9 : -7;
    trial.partsAt.p50 = parts;
  };
  const { sentence, parts } = causeOf('p50', { change });
  expect(parts[0]).toMatchObject({ part: 'handler', shown: false });
  expect(sentence).toMatch(/in the handler, which is not shown: its interval holds 0\.$/);
});

test('of two pairs with traces nothing is shown, of none nothing is said', () => {
  const traced = (rounds: number): Change => {
    return (trial, side) => {
      slower(0.3)(trial, side);
      if (trial.trial > rounds) trial.partsAt.p50 = null;
    };
  };
  expect(causeOf('p50', { change: traced(2) }).sentence).toMatch(/of too few pairs to be shown\.$/);
  const metrics = [{ metric: 'p50' as const, tolerance: 0.05, guard: false }];
  const none = judgeGate(gateAnalysis({ rounds: 6, plan: { metrics }, change: traced(0) }));
  expect(none).toMatchObject({ verdict: 'fail', causes: [] });
});

test('60 ms more of init are told as loading, with the bundle that grew', () => {
  const bundles = { head: { bytes: 402_000 } };
  const cause = causeOf('init', { change: initBy(60, 0), bundles });
  expect(cause.parts.map(({ part, shown }) => [part, shown])).toEqual([
    ['load', true],
    ['start', false],
  ]);
  expect(cause.sentence).toMatch(
    /^Init grew by [56]\d\.\d ms \[.*\]: [56]\d\.\d ms \[.*\].* of it in loading the handler’s module; the bundle grew from 310 kB to 402 kB\.$/,
  );
  const alike = causeOf('init', { change: initBy(0, 60), bundles: { head: { bytes: 312_000 } } });
  expect(alike.sentence).toMatch(/in starting the environment\.$/);
});

test('a latency that grew by init says what grew in init', () => {
  const change: Change = (trial, side) => {
    initBy(60, 0)(trial, side);
    if (side !== 'head' || trial.p95Ms === null) return;
    trial.p95Ms += 60;
    if (trial.partsAt.p95 !== null) trial.partsAt.p95.init += 60;
  };
  const { sentence, parts } = causeOf('p95', { change });
  expect(parts[0]?.part).toBe('init');
  expect(sentence).toMatch(/^Requests about p95 took .* of it in init\. Init grew by .* module\.$/);
});

test('the time of the handler is told by medians', () => {
  const { sentence, parts } = causeOf('handler', { change: slower(0.2) });
  expect(sentence).toMatch(/^The median time in the handler grew by \d\.\d\d ms \[.*\]\.$/);
  expect(parts[0]).toMatchObject({ part: 'handler', shown: true });
});

test('examples are of the kind that fits, of the same operation and of no spoiled trial', () => {
  const cell = (analysed: CellAnalysis, side: string) => {
    const trace = (
      kind: 'median' | 'slowest',
      trial: number,
      operation: string,
      totalMs: number,
    ) => ({
      ...{ kind, trial, operation, totalMs, traceId: `${side}-${operation}-${totalMs}` },
      ...{ requestId: null, outcome: 'ok' as const, cold: false },
      ...{ partsMs: partsOf(totalMs), spans: [] },
    });
    analysed.waterfalls =
      side === 'head'
        ? [trace('slowest', 2, 'a', 99), trace('slowest', 1, 'b', 80), trace('median', 1, 'b', 9)]
        : [trace('slowest', 1, 'a', 70), trace('slowest', 1, 'b', 60)];
  };
  const spoiled: GateCase['spoiled'] = (round, side) =>
    round === 2 && side === 'head' ? 'busy' : null;
  const change: Change = (trial, side) => {
    slower(0.3)(trial, side);
    if (side === 'head' && trial.p95Ms !== null) trial.p95Ms *= 1.5;
  };
  expect(causeOf('p95', { change, cell, spoiled }).traces).toEqual({
    base: { cellId: `${CELL_ID}-base`, traceId: 'base-b-60', totalMs: 60 },
    head: { cellId: `${CELL_ID}-head`, traceId: 'head-b-80', totalMs: 80 },
  });
  expect(causeOf('p50', { change, cell, spoiled }).traces).toMatchObject({
    base: null,
    head: { traceId: 'head-b-9' },
  });
});

test('a side without any answer is explained by what failed', () => {
  const { sentence } = causeOf('p50', {
    change: (trial, side) => {
      if (side === 'head') trial.p50Ms = null;
    },
    cell: (analysed, side) => {
      const timeout = { outcome: 'http_error', error: '504', requests: 40 };
      const crash = { outcome: 'graphql_error', error: 'x'.repeat(300), requests: 30 };
      analysed.failures = side === 'head' ? [timeout, crash] : [timeout];
    },
  });
  // The commonest is one base has, too.
  expect(sentence).toMatch(
    /^30 requests of head failed with “graphql_error: x{200}…”; none of base/,
  );
});
