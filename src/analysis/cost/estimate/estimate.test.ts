import { expect, test } from 'vitest';
import { UsageError } from '../../../base/errors.ts';
import { costEstimateSchema, ESTIMATE_ITEMS } from '../../../model/cost-estimate.ts';
import { PRICED_REGIONS } from '../../../model/priced-regions.ts';
import type { Plan } from '../../../model/run.ts';
import { type EstimateContext, estimateCost } from './index.ts';
import { aPlan, RAMP } from './testing/a-plan.ts';
import { LOG_BYTES } from './trial.ts';

const HERE: EstimateContext = { region: 'us-east-1', architecture: 'x86_64', keptS: null };

function estimate(plan: Plan, context: Partial<EstimateContext> = {}) {
  const made = costEstimateSchema.parse(estimateCost(plan, { ...HERE, ...context }));
  const item = (name: string) => made.items.find((one) => one.item === name);
  return { ...made, item, of: (name: string) => item(name)?.usd ?? { low: 0, high: 0 } };
}

test('requests are the integral of the load, times rounds, and one of each operation before', () => {
  // 5/s × 10 s + 12.5/s × 8 s + 20/s × 25 s.
  expect(estimate(aPlan([{}])).requests).toEqual({ low: 651, high: 652 });
  expect(estimate(aPlan([{}, { memoryMb: 512 }], { rounds: 3 })).requests.low).toBe(
    2 * (3 * 650 + 1),
  );
  const cold = aPlan([{}], {}, { kind: 'cold', coldStarts: 10, warmRequests: 4 });
  expect(estimate(cold).requests.low).toBe(51);
  expect(estimate(cold).loadS).toEqual({ low: 60, high: 150 });
});

test('a closed model has bounds: it waits for answers', () => {
  const closed = {
    kind: 'closed',
    vus: 10,
    thinkTimeS: 1,
    warmUpS: 0,
    rampS: 0,
    holdS: 60,
  } as const;
  const { requests, assumptions } = estimate(aPlan([{}], {}, closed));
  // 600 s of users: every 1.5 s at the least, every 1.005 s at the most.
  expect(requests).toEqual({ low: 401, high: 598 + 2 });
  expect(assumptions.join()).toContain('5 to 500 ms');
});

test('what comes with requests is their number times the list price', () => {
  const { of, item } = estimate(aPlan([{ front: 'rest-api' }]));
  expect(of('requests').low).toBeCloseTo(651 * 0.2e-6, 12);
  expect(of('gateway').low).toBeCloseTo(651 * 3.5e-6, 12);
  // Recorded, and retrieved once to three times.
  expect(of('xray').low).toBeCloseTo(651 * 5.5e-6, 12);
  expect(of('xray').high).toBeCloseTo(652 * 6.5e-6, 12);
  // Two reads of half a unit to a whole one; the tables' storage is less than a hundred thousandth.
  expect(of('database').low).toBeCloseTo(651 * 0.125e-6, 5);
  // 500 users, and 5,000 tweets that are written to the table and its index.
  expect(of('seeding').low).toBeCloseTo(10_500 * 0.625e-6, 12);
  expect(of('seeding').high).toBe(of('seeding').low);
  expect(item('compute')?.basis).toMatch(/^2\.60 to 39\.1 GB-s on x86_64 × \$0\.0000166667$/);
  expect(estimate(aPlan([{ front: 'invoke' }])).item('gateway')).toBeUndefined();
});

test('sampling takes traces away, arm64 a fifth of compute', () => {
  const all = estimate(aPlan([{}]));
  const tenth = estimate(aPlan([{}], { traceShare: 0.1 }));
  expect(tenth.of('xray').high).toBeCloseTo(all.of('xray').high / 10, 12);
  const arm = estimate(aPlan([{}]), { architecture: 'arm64' });
  expect(arm.of('compute').high / all.of('compute').high).toBeCloseTo(0.8, 4);
  expect(arm.sources.join()).toContain('arm64');
});

test('provisioned concurrency is paid in steps of five minutes a trial', () => {
  const { of } = estimate(aPlan([{ provisionedConcurrency: 5 }], { rounds: 2 }));
  // 43 s of load are one step; with the waiting they still are.
  expect(of('provisioned')).toEqual({
    low: expect.closeTo(2 * 5 * 300 * 0.0000041667, 9),
    high: expect.closeTo(2 * 5 * 300 * 0.0000041667, 9),
  });
  expect(of('compute').low).toBeCloseTo((2 * 650 + 1) * 0.004 * 0.0000097222, 9);
});

test('x100 is a hundred times the writes; two sizes share the tables', () => {
  const large = estimate(aPlan([{ dataset: 'x100' }, { dataset: 'x100', memoryMb: 512 }]));
  expect(large.of('seeding').low).toBeCloseTo(1_000_500 * 0.625e-6, 9);
});

test('Postgres is paid from deploying to destroying, or until it expires', () => {
  const plan = aPlan([{ backend: 'postgres' }]);
  const { standingUsdPerHour, runS, of, besideTrialsS } = estimate(plan);
  // 20 GB at 0.14 and a secret at 0.40 a month.
  expect(standingUsdPerHour.high).toBeCloseTo(0.065 + (20 * 0.14 + 0.4) / 730, 9);
  expect(besideTrialsS).toEqual({ low: 900, high: 4500 });
  expect(of('database').high).toBeCloseTo((runS.high / 3600) * standingUsdPerHour.high, 9);
  const kept = estimate(plan, { keptS: 10 * 3600 });
  expect(kept.of('database').high).toBeCloseTo(10 * standingUsdPerHour.high, 9);
  expect(kept.assumptions.join()).toContain('expiry');
  // No price of the instance is held there: up to twice that of us-east-1.
  const ireland = estimate(plan, { region: 'eu-west-1' });
  expect(ireland.standingUsdPerHour.high).toBeGreaterThan(0.13);
  expect(ireland.sources.join()).toContain('no price of this region could be read');
});

test('the whole is the sum of its items, in order; trials and what is paid once are in it', () => {
  for (const region of PRICED_REGIONS) {
    const plan = aPlan([{}, { backend: 'postgres', front: 'rest-api' }], { rounds: 4 });
    const made = estimate(plan, { region });
    const names = made.items.map(({ item }) => item);
    expect(names).toEqual(ESTIMATE_ITEMS.filter((item) => names.includes(item)));
    for (const side of ['low', 'high'] as const) {
      const sum = made.items.reduce((all, { usd }) => all + usd[side], 0);
      expect(made.usd[side]).toBeCloseTo(sum, 9);
      const trials = Object.values(made.trialUsd).reduce((all, usd) => all + usd[side], 0);
      const standing = (made.runS[side] / 3600) * made.standingUsdPerHour[side];
      expect(4 * trials + made.onceUsd[side] + standing).toBeCloseTo(sum, 9);
    }
    for (const { usd } of made.items) expect(usd.high).toBeGreaterThanOrEqual(usd.low);
  }
});

test('of an endpoint of the user’s, what is known is in it and what is not is said', () => {
  const plan = aPlan(
    [
      {
        backend: 'mine',
        front: 'other',
        memoryMb: null,
        timeoutS: null,
        runtime: null,
        server: null,
      },
    ],
    { target: 'url' },
  );
  const unknown = estimate(plan);
  expect(unknown.items.map(({ item }) => item)).toEqual(['xray', 'transfer']);
  expect(unknown.usd.low).toBe(0);
  expect(unknown.lacking.join()).toContain('What runs behind the endpoints is not known');
  expect(unknown.standingUsdPerHour.high).toBe(0);
  const known = estimate(plan, { known: () => ({ lambda: true }) });
  expect(known.of('logs').low).toBeGreaterThan(0);
  expect(known.lacking.join()).toContain('memory of a function is not known');
});

test('a region whose prices are not held is refused with those that are', () => {
  const asked = () => estimateCost(aPlan([{}]), { ...HERE, region: 'af-south-1' });
  expect(asked).toThrow(UsageError);
  expect(asked).toThrow(/af-south-1.*us-east-1.*--region/);
});

test('an invocation’s JSON lines are as long as is assumed', () => {
  const requestId = 'f4b2a1c0-5a5e-4d1c-9a3f-0123456789ab';
  const tracing = {
    spanId: '0123456789abcdef',
    type: 'X-Amzn-Trace-Id',
    value:
      'Root=1-6553f100-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1;Lineage=1:0123abcd:0',
  };
  const time = '2026-11-21T09:30:00.123Z';
  const start = {
    time,
    type: 'platform.start',
    record: {
      requestId,
      version: '$LATEST',
      functionArn: `arn:aws:lambda:us-east-1:123456789012:function:bench-20261120-191500-x7f2-0-dynamo-1024-apollo-x1`,
      tracing,
    },
  };
  const metrics = {
    durationMs: 12.345,
    billedDurationMs: 13,
    memorySizeMB: 1024,
    maxMemoryUsedMB: 112,
  };
  const spans = ['responseLatency', 'responseDuration', 'runtimeOverhead'].map((name) => ({
    name,
    start: time,
    durationMs: 1.234,
  }));
  const done = {
    time,
    type: 'platform.runtimeDone',
    record: {
      requestId,
      status: 'success',
      spans,
      metrics: { durationMs: 12.345, producedBytes: 2048 },
      tracing,
    },
  };
  const report = {
    time,
    type: 'platform.report',
    record: { requestId, metrics, tracing, status: 'success' },
  };
  const bytes = (...lines: object[]) =>
    lines.reduce((sum, line) => sum + JSON.stringify(line).length + 26, 0);
  expect(bytes(start, report) / LOG_BYTES.low).toBeCloseTo(1, 1);
  expect(bytes(start, done, report)).toBeLessThan(LOG_BYTES.high);
});

test('a plan is estimated at once', () => {
  const many = aPlan(
    Array.from({ length: 200 }, (_, i) => ({ memoryMb: 128 + i })),
    { rounds: 50 },
  );
  const startedMs = performance.now();
  estimateCost(many, HERE);
  expect(performance.now() - startedMs).toBeLessThan(500);
  expect(RAMP.kind).toBe('ramp');
});
