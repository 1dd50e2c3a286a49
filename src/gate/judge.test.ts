import { describe, expect, test } from 'vitest';
import type { Analysis } from '../model/analysis.ts';
import type { CostItem } from '../model/cost.ts';
import { type GateMetric, type GateResult, gateResultSchema } from '../model/gate.ts';
import { withRevision } from '../model/sides.ts';
import { judgeGate } from './judge.ts';
import { failing, slower } from './testing/changes.ts';
import { CELL_ID, type GateCase, gateAnalysis, PLAN } from './testing/gate-analysis.ts';

function judged(asked: GateCase): GateResult {
  const result = judgeGate(gateAnalysis(asked));
  // What is not of the schema could not be read back from gate.json.
  return gateResultSchema.parse(JSON.parse(JSON.stringify(result)));
}

function row(result: GateResult, metric: GateMetric) {
  const found = result.rows.find((one) => one.metric === metric);
  if (found === undefined) throw new Error(`no row of ${metric}`);
  return found;
}

const only = (metric: GateMetric, tolerance = 0.05) => ({
  metrics: [{ metric, tolerance, guard: false }],
});

describe('a paired gate', () => {
  test('of a run that is no gate there is no verdict', () => {
    const analysis: Analysis = gateAnalysis({ rounds: 5 });
    analysis.run.plan.gate = null;
    expect(judgeGate(analysis)).toBeNull();
  });

  test('identical sides pass, and the guard that shows nothing does not hold that up', () => {
    const result = judged({ rounds: 5, ended: 'decided' });
    expect(result).toMatchObject({ verdict: 'pass', advisory: false, causes: [], notes: [] });
    expect(result.rows.map(({ metric, verdict, guard }) => [metric, verdict, guard])).toEqual([
      ['p50', 'pass', false],
      ['init', 'pass', false],
      ['errorRate', 'inconclusive', true],
    ]);
    expect(row(result, 'p50').reason).toMatch(/^at most \d\.\d% slower$/);
    expect(row(result, 'errorRate').reason).toMatch(/^no growth is shown: between .* 5 pairs$/);
  });

  test('15% more time in the handler fails at the first look, and the cause names the handler', () => {
    const result = judged({ rounds: 5, ended: 'decided', change: slower(0.15) });
    expect(result.verdict).toBe('fail');
    const p50 = row(result, 'p50');
    expect(p50.reason).toMatch(/^at least 1\d\.\d% slower; 5% are tolerated$/);
    expect(p50.change?.value).toBeCloseTo(1.14, 1);
    expect(p50.change?.low).toBeGreaterThan(1.05);
    // Of five pairs no permutation of signs is rarer.
    expect(p50.p?.signFlip).toBe(2 ** -5);
    expect(p50.p?.failAdjusted).toBeCloseTo(3 * (p50.p?.fail as number), 10);
    expect(p50).toMatchObject({ pairs: 5, morePairs: null });
    expect(result.causes.map(({ metric }) => metric)).toEqual(['p50']);
    expect(result.causes[0]?.sentence).toMatch(
      /^Requests about p50 took 1\.\d+ ms longer: 1\.\d+ ms \[.*\] of it in the handler\.$/,
    );
  });

  test('between the two it is inconclusive and says how many more pairs would decide', () => {
    const looks = [5, 6, 8];
    const result = judged({ rounds: 8, looks, status: 'running', change: slower(0.045), seed: 5 });
    expect(result.verdict).toBe('inconclusive');
    const { reason, morePairs, verdict } = row(result, 'p50');
    expect(verdict).toBe('inconclusive');
    expect(morePairs).toBeGreaterThan(10);
    expect(reason).toMatch(new RegExp(`^between .* slower after 8 pairs; about ${morePairs} more`));
  });

  test('failures that halve the latency fail the gate by its guard', () => {
    const result = judged({ rounds: 5, ended: 'decided', ...failing(0.5) });
    expect(row(result, 'p50').verdict).toBe('pass');
    expect(row(result, 'p50').reason).toMatch(/faster$/);
    expect(row(result, 'errorRate').reason).toMatch(
      /^at least 4\d\.\d percentage points more failures; none is tolerated$/,
    );
    expect(result.verdict).toBe('fail');
    expect(result.causes[0]?.sentence).toBe(
      '1,250 requests of head failed with “http_error: 502 Bad Gateway”; none of base did.',
    );
  });

  test('one failure more is no growth, though base has none and its trials no spread', () => {
    const change: GateCase['change'] = (trial, side) => {
      trial.failures = side === 'head' ? 1 : 0;
    };
    const { rows, verdict } = judged({ rounds: 5, ended: 'decided', change });
    expect(rows.find(({ metric }) => metric === 'errorRate')?.verdict).toBe('inconclusive');
    expect(verdict).toBe('pass');
  });

  test('a figure that head does not have fails, one that some rounds lack does not', () => {
    const without = (rounds: number) => {
      const change: GateCase['change'] = (trial, side) => {
        if (side === 'head' && trial.trial <= rounds) trial.initMs = null;
      };
      return judged({ rounds: 8, looks: [8], change });
    };
    expect(row(without(8), 'init')).toMatchObject({
      verdict: 'fail',
      reason: 'no trial of head has an init: absent data fails',
      p: null,
      head: { value: null },
    });
    expect(without(8).verdict).toBe('fail');
    expect(row(without(7), 'init')).toMatchObject({
      verdict: 'inconclusive',
      reason: '1 pair counts, and a verdict needs 5',
    });
    const most = row(without(3), 'init');
    expect(most.p).not.toBeNull();
    expect(most.values.map(([round]) => round)).toEqual([4, 5, 6, 7, 8]);
  });

  test('rounds in which the host spoiled a side do not count, for either side', () => {
    const reason = 'Wait of environments for a core of this host: 31%';
    const spoiled: GateCase['spoiled'] = (round, side) =>
      round === 3 && side === 'head' ? reason : null;
    const change: GateCase['change'] = (trial, side) => {
      if (trial.trial === 3 && side === 'head') trial.p50Ms = 500;
    };
    const result = judged({ rounds: 6, looks: [5, 6], spoiled, change });
    expect(result.rounds.void).toEqual([{ cellId: CELL_ID, round: 3, side: 'head', reason }]);
    const p50 = row(result, 'p50');
    expect(p50.values.map(([round]) => round)).toEqual([1, 2, 4, 5, 6]);
    expect(p50).toMatchObject({ verdict: 'pass', pairs: 5 });
    expect(result.notes).toEqual([]);
    // Of the first look too few were left.
    const first = judged({ rounds: 5, looks: [5], spoiled, change });
    expect(row(first, 'p50').reason).toBe('4 pairs count, and a verdict needs 5');
  });

  test('of more rows each needs more certainty to fail, and none to pass', () => {
    const many = (n: number) => ({
      metrics: Array.from({ length: n }, () => ({
        metric: 'p50' as const,
        tolerance: 0.05,
        guard: false,
      })),
    });
    const at = { rounds: 5, seed: 2, change: slower(0.1) };
    const [one, eight] = [1, 8].map((n) => judged({ ...at, plan: many(n) }));
    expect(one?.verdict).toBe('fail');
    expect(eight?.verdict).toBe('inconclusive');
    const [alone, among] = [one, eight].map((result) => row(result as GateResult, 'p50'));
    expect(among?.p?.fail).toBe(alone?.p?.fail);
    expect(among?.p?.failAdjusted).toBeCloseTo(8 * (alone?.p?.fail as number), 10);
    expect(among?.reason).toMatch(
      /were it the only test, which is not enough among 8 \(adjusted p 0\./,
    );
    expect(judged({ rounds: 5, plan: many(8) }).verdict).toBe('pass');
  });

  test('looks cost certainty: the same pairs show less at the last of five looks than at one', () => {
    const looks = [5, 6, 8, 10, 12];
    const at = {
      rounds: 12,
      seed: 2,
      change: slower(0.07),
      plan: only('p50'),
      ended: 'budget' as const,
    };
    const once = row(judged({ ...at, looks: [12] }), 'p50');
    const often = row(judged({ ...at, looks }), 'p50');
    expect(once.values).toEqual(often.values);
    expect(once.change?.low).toBeGreaterThan(often.change?.low as number);
    expect(once.p?.fail).toBeLessThan(often.p?.fail as number);
  });

  test('a row that most rounds lack does not pass by the others', () => {
    const holding = (rounds: number) =>
      row(
        judged({
          rounds: 12,
          plan: only('p99', 0.2),
          change: (trial, side) => {
            if (side === 'head' && trial.trial > rounds) trial.holdRequests = 367;
          },
        }),
        'p99',
      );
    expect(holding(6)).toMatchObject({ verdict: 'pass', pairs: 6 });
    expect(holding(5)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'only 5 of the 12 rounds that count have it: the others may differ',
    });
  });

  test('costs of different items are not compared', () => {
    const items: Record<'base' | 'head', CostItem[]> = {
      base: ['requests', 'database'],
      head: ['requests'],
    };
    const cost = row(
      judged({
        rounds: 6,
        plan: only('cost', 0.2),
        cell: (cell, side) => {
          const usd = cell.latency.p50;
          cell.cost.items = items[side].map((item) => ({ item, usd, basis: '' }));
        },
      }),
      'cost',
    );
    expect(cost).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the cost of head is without database: the sides cannot be compared',
    });
  });

  test('a cell of which no round counts holds a pass of the others up', () => {
    const analysis = gateAnalysis({ rounds: 5, ended: 'max_pairs' });
    const busy = gateAnalysis({ rounds: 5, ended: 'max_pairs', spoiled: () => 'busy' });
    for (const found of busy.cells) {
      const { endpoint, profile } = found.cell;
      const id = withRevision('small', endpoint.revision);
      found.cell = { id, profile, endpoint: { ...endpoint, memoryMb: 512 } };
      analysis.cells.push(found);
      analysis.run.plan.cells.push(found.cell);
    }
    analysis.run.plan.gate = { ...PLAN, cellIds: [CELL_ID, 'small'] };
    const result = judgeGate(analysis);
    expect(result?.verdict).toBe('inconclusive');
    const small = result?.rows.filter(({ cellId }) => cellId === 'small') ?? [];
    expect(small.map(({ reason }) => reason)).toEqual(
      PLAN.metrics.map(() => 'no pair counts, and a verdict needs 5'),
    );
  });

  test('p99 needs 368 requests of hold in a trial', () => {
    const holding = (requests: number) =>
      row(
        judged({
          rounds: 6,
          plan: only('p99'),
          change: (trial) => {
            trial.holdRequests = requests;
          },
        }),
        'p99',
      );
    expect(holding(368)).toMatchObject({ verdict: 'inconclusive', pairs: 6 });
    expect(holding(367)).toMatchObject({
      verdict: 'fail',
      reason:
        'no trial of either side has the 368 requests of hold that a p99 needs: absent data fails',
    });
  });
});

describe('sizes and counts', () => {
  const plan = only('bundleSize', 0.1);
  const sized = (bytes: number) => judged({ rounds: 5, plan, bundles: { head: { bytes } } });

  test('a bundle is compared to the byte', () => {
    expect(sized(341_000).verdict).toBe('pass');
    const grown = sized(341_001);
    expect(grown.verdict).toBe('fail');
    expect(grown.causes[0]?.sentence).toMatch(/^The bundle grew from 310 kB .* 31,001 bytes/);
    expect(row(sized(402_000), 'bundleSize').reason).toBe(
      'grew by 29.7%, from 310 kB to 402 kB; 10% are tolerated',
    );
    expect(row(sized(310_000), 'bundleSize').reason).toBe('310 kB, as before');
  });

  const calling =
    (calls: Record<'base' | 'head', (number | null)[]>): NonNullable<GateCase['cell']> =>
    (cell, side) => {
      cell.byOperation = calls[side].map((medianBackendCalls, i) => ({
        ...{ operation: `op${i}`, requests: 100, failures: 0, medianBackendCalls },
        ...{ meanBackendCalls: null, maxBackendCalls: null },
        ...{ p50: cell.latency.p50, p95: cell.latency.p95, p99: cell.latency.p99 },
        medianBackendMs: cell.latency.p50,
      }));
    };

  test('calls of an operation that head was sent and left no trace of are absent, not none', () => {
    const cell = calling({ base: [1, 11], head: [1, null] });
    const absent = { verdict: 'fail', operation: 'op1', head: { value: null } };
    const plan = only('backendCalls', 0);
    expect(row(judged({ rounds: 5, plan, cell }), 'backendCalls')).toMatchObject(absent);
    const budgets = [{ cellId: CELL_ID, metric: 'backendCalls' as const, limit: 20 }];
    const budget = judged({ rounds: 5, plan: { metrics: [], budgets }, cell });
    expect(row(budget, 'backendCalls')).toMatchObject(absent);
    // What base does not tell is no yardstick.
    const untold = calling({ base: [1, null], head: [1, 11] });
    expect(judged({ rounds: 5, plan, cell: untold }).verdict).toBe('pass');
    const other = calling({ base: [1, null], head: [null, 11] });
    expect(judged({ rounds: 5, plan, cell: other }).verdict).toBe('fail');
  });

  test('calls of a cell of which no round counts are not judged', () => {
    const cell = calling({ base: [1], head: [1] });
    const result = judged({ rounds: 5, plan: only('backendCalls'), cell, spoiled: () => 'busy' });
    expect(result.verdict).toBe('inconclusive');
    expect(row(result, 'backendCalls').reason).toMatch(/^no round counts/);
  });

  test('backend calls are those of the operation that grew most', () => {
    const cell = calling({ base: [1, 2, null], head: [1, 11, null] });
    const result = judged({ rounds: 5, plan: only('backendCalls', 0), cell });
    expect(row(result, 'backendCalls')).toMatchObject({
      ...{ verdict: 'fail', operation: 'op1', change: { value: 5.5 } },
      reason: 'grew by 450%, from 2 calls to 11 calls; none is tolerated',
    });
    expect(judged({ rounds: 5, plan: only('backendCalls') }).rows[0]).toMatchObject({
      verdict: 'fail',
      reason: 'either side does not have a traced call to the backend: absent data fails',
    });
  });
});

test('budgets hold head against limits, whether base counts or not', () => {
  const limit = (metric: GateMetric, value: number) => ({ cellId: CELL_ID, metric, limit: value });
  const budgets = [limit('p50', 20), limit('init', 100), limit('errorRate', 0.01)];
  const spoiled: GateCase['spoiled'] = (_, side) => (side === 'base' ? 'busy' : null);
  const asked = { rounds: 5, spoiled, plan: { metrics: [], budgets } };
  const result = judged(asked);
  expect(
    result.rows.map(({ metric, kind, verdict, base }) => [metric, kind, verdict, base]),
  ).toEqual([
    ['p50', 'budget', 'pass', null],
    ['init', 'budget', 'fail', null],
    ['errorRate', 'budget', 'pass', null],
  ]);
  expect(row(result, 'p50').reason).toMatch(/^at most 1\d\.\d ms; the limit is 20\.0 ms$/);
  expect(row(result, 'init').reason).toMatch(/^at least 1\d\d ms; the limit is 100 ms$/);
  const alone = judged({ ...asked, plan: { ...asked.plan, mode: 'budgets', base: null } });
  expect(alone.rows.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'pass']);
  expect(alone.base).toBeNull();
});

describe('how the run ended', () => {
  test('the same code on both sides passes with nothing measured', () => {
    const bundles = { base: { sha256: 'same' }, head: { sha256: 'same' } };
    const result = judged({ rounds: 0, looks: [], ended: 'same_code', bundles });
    expect(result).toMatchObject({ verdict: 'pass', rows: [], tookS: 0 });
    expect(result.rounds).toMatchObject({ run: 0, ended: 'same_code' });
    expect(result.bundles).toEqual([
      { key: 'apollo-dynamo', baseBytes: 310_000, headBytes: 310_000, same: true },
    ]);
    expect(result.notes.join()).toMatch(/same byte for byte/);
  });

  test('before any look a row says how many pairs count', () => {
    const result = judged({ rounds: 3, unseen: true, status: 'interrupted' });
    expect(result).toMatchObject({ verdict: 'inconclusive', rounds: { ended: 'broke_off' } });
    expect(row(result, 'p50')).toMatchObject({
      reason: '3 pairs count, and a verdict needs 5',
      pairs: 3,
      p: null,
      change: { low: null, high: null },
    });
  });

  test('a run that was killed before any look does not pass by the size of its code', () => {
    const result = judged({ rounds: 1, unseen: true, status: 'running', plan: only('bundleSize') });
    expect(row(result, 'bundleSize').verdict).toBe('pass');
    expect(result.verdict).toBe('inconclusive');
  });

  test('a run that broke off does not pass, and fails where that was shown', () => {
    const at = { rounds: 7, looks: [5, 6], status: 'failed' as const };
    const passing = judged(at);
    expect(passing.verdict).toBe('inconclusive');
    expect(passing.notes[0]).toBe('The run broke off in or after round 7.');
    // What came after the last look is not judged.
    expect(row(passing, 'p50')).toMatchObject({ verdict: 'pass', pairs: 6 });
    expect(judged({ ...at, change: slower(0.2) }).verdict).toBe('fail');
  });

  test('a verdict found at a look while the run goes on is a decided one', () => {
    const result = judged({ rounds: 5, status: 'running' });
    expect(result.rounds).toMatchObject({ ended: 'decided', run: 5, most: 30, looks: [5] });
    expect(result.tookS).toBe(88);
  });

  test('rounds that come faster than was planned with do not spend α twice', () => {
    const analysis = gateAnalysis({ rounds: 8, looks: [5, 6, 8], plan: only('p50') });
    if (analysis.run.gate !== null) analysis.run.gate.plannedPairs = 5;
    const fast = judgeGate(analysis);
    expect(fast?.rows[0]).toMatchObject({ verdict: 'pass', pairs: 8 });
    expect(Number.isFinite(fast?.rows[0]?.change?.high)).toBe(true);
  });
});

describe('against a stored baseline', () => {
  const trials = [10, 10.2, 9.8, 10.1, 9.9].map((p50) => ({
    values: { p50 },
    ...{ requests: 500, failures: 0, knownRequests: 500, coldRequests: 4 },
  }));
  const baseline = {
    ...{ version: 1 as const, tool: '0.1.0', createdAt: '2026-11-20T00:00:00.000Z' },
    ...{ runId: 'r', commit: null, conditions: {} },
    cells: [{ cellId: CELL_ID, conditions: {}, bundleBytes: 310_000, backendCalls: {}, trials }],
  };
  const plan = {
    ...{ mode: 'baseline' as const, baseline },
    metrics: PLAN.metrics.filter(({ metric }) => metric !== 'init'),
  };
  const steady: GateCase['change'] = (trial) => {
    trial.p50Ms = 10 + 0.1 * (trial.trial % 3);
  };

  test('it is looked at once, when no round comes any more, and is advice', () => {
    const underWay = judged({ rounds: 6, looks: [5, 6], status: 'running', plan, change: steady });
    expect(underWay.verdict).toBe('inconclusive');
    const asked: GateCase = { rounds: 10, ended: 'max_pairs', plan, change: steady };
    const over = judged(asked);
    expect(over.advisory).toBe(true);
    expect(row(over, 'p50')).toMatchObject({ pairs: 10, base: { n: 5 }, p: { signFlip: null } });
    // The shifts of two runs leave 1% more open within 5%.
    expect(row(over, 'p50').verdict).toBe('inconclusive');
    const slow: GateCase['change'] = (trial, side) => {
      steady(trial, side);
      trial.p50Ms = 1.3 * (trial.p50Ms as number);
    };
    expect(judged({ ...asked, change: slow }).verdict).toBe('fail');
  });

  test('one round that does not count leaves no budget open; none that counts leaves all', () => {
    const budgets = [{ cellId: CELL_ID, metric: 'p50' as const, limit: 20 }];
    const spoiled = (upTo: number): GateCase => ({
      rounds: 10,
      ended: 'max_pairs',
      plan: { ...plan, minPairs: 10, maxPairs: 10, budgets },
      spoiled: (round) => (round <= upTo ? 'busy' : null),
    });
    const found = (upTo: number) =>
      judged(spoiled(upTo)).rows.map(({ kind, verdict }) => [kind, verdict]);
    expect(found(1)).toContainEqual(['budget', 'pass']);
    const none = judged(spoiled(10));
    expect(none.verdict).toBe('inconclusive');
    expect(row(none, 'p50').reason).toBe('no trial of head counts');
  });

  test('what the baseline does not have fails', () => {
    const result = judged({ rounds: 5, ended: 'max_pairs', plan: { ...plan, ...only('init') } });
    expect(row(result, 'init').reason).toBe(
      'no trial of the baseline has an init: absent data fails',
    );
  });
});
