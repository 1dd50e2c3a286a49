import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackendOffer } from '../model/ports.ts';
import { expandPlan, gapsOf, type Offer } from './expand-plan.ts';
import { asksFirst, expectedS, trialsOf } from './expected-time.ts';
import { resolveOptions } from './run-options.ts';
import type { Flags } from './settings/from-flags.ts';

const COMMON = {
  servers: ['apollo', 'yoga'],
  datasets: ['x1', 'x100'],
  batching: [false, true],
  operations: [
    { name: 'UserProfile', weight: 1 },
    { name: 'TenUsers', weight: 0 },
  ],
};
const BACKENDS: BackendOffer[] = [
  { ...COMMON, name: 'dynamo', datasets: ['x1'], variants: [], dataLayers: [] },
  {
    ...COMMON,
    name: 'postgres',
    variants: [
      { name: 'as-published', features: { index: false } },
      { name: 'indexed', features: { index: true } },
    ],
    dataLayers: ['pg', 'knex'],
  },
  { ...COMMON, name: 'rest', servers: ['apollo'], batching: [false], variants: [], dataLayers: [] },
];
const OFFER: Offer = {
  target: 'local',
  fronts: ['rest-api', 'function-url'],
  backends: new Map(BACKENDS.map((backend) => [backend.name, backend])),
};

const optionsOf = (flags: Flags) => resolveOptions(flags, null, { cwd: '/', env: {} }).options;
const planOf = (flags: Flags) => expandPlan(optionsOf(flags), OFFER);
const ids = (flags: Flags) => planOf(flags).cells.map(({ id }) => id);

describe('plan', () => {
  test('is every combination, with readable ids', () => {
    expect(ids({ memory: '1024,2048', front: 'rest-api,function-url' })).toEqual([
      'dynamo-1024-rest-api-apollo-x1-ramp',
      'dynamo-2048-rest-api-apollo-x1-ramp',
      'dynamo-1024-function-url-apollo-x1-ramp',
      'dynamo-2048-function-url-apollo-x1-ramp',
    ]);
    expect(
      ids({ backend: 'postgres', variant: 'indexed', batching: 'on', dataset: 'x100' }),
    ).toEqual(['postgres-indexed-pg-1024-rest-api-apollo-batched-x100-ramp']);
  });

  test('streams behind a function URL alone', () => {
    const flags = { front: 'rest-api,function-url', responseStreaming: 'off,on' };
    expect(ids(flags)).toEqual([
      'dynamo-1024-rest-api-apollo-x1-ramp',
      'dynamo-1024-function-url-apollo-x1-ramp',
      'dynamo-1024-function-url-apollo-streamed-x1-ramp',
    ]);
    expect(gapsOf(optionsOf(flags), OFFER)).toEqual(['rest-api does not stream: no cell of it']);
  });

  test('takes concurrency as two factors, which a cell without them does not name', () => {
    const flags = { provisionedConcurrency: '0,5', reservedConcurrency: 'none,10', batching: 'on' };
    expect(ids({ ...flags, scenario: 'burst' })).toEqual([
      'dynamo-1024-rest-api-apollo-batched-x1-burst',
      'dynamo-1024-rest-api-apollo-batched-rc10-x1-burst',
      'dynamo-1024-rest-api-apollo-batched-pc5-x1-burst',
      'dynamo-1024-rest-api-apollo-batched-pc5-rc10-x1-burst',
    ]);
    const cells = planOf(flags).cells.map(({ endpoint }) => endpoint);
    expect(cells.map((one) => [one.provisionedConcurrency, one.reservedConcurrency])).toEqual([
      [0, null],
      [0, 10],
      [5, null],
      [5, 10],
    ]);
  });

  test('holds the objective and the region', () => {
    expect(planOf({})).toMatchObject({ slo: null, region: 'us-east-1' });
    expect(planOf({ slo: 'p99=1.5s', region: 'eu-west-1' })).toMatchObject({
      slo: { quantile: 'p99', ms: 1500 },
      region: 'eu-west-1',
    });
  });

  test('a factor that a backend does not have does not multiply its cells', () => {
    expect(ids({ backend: 'dynamo,postgres', dataLayer: 'pg,knex' })).toEqual([
      'dynamo-1024-rest-api-apollo-x1-ramp',
      'postgres-as-published-pg-1024-rest-api-apollo-x1-ramp',
      'postgres-as-published-knex-1024-rest-api-apollo-x1-ramp',
    ]);
    expect(gapsOf(optionsOf({ backend: 'dynamo', dataLayer: 'pg,knex' }), OFFER)).toEqual([
      'dynamo has one dataLayer only: it counts once',
    ]);
  });

  test('a level that one backend lacks gives it no cell, and is told', () => {
    const flags = { backend: 'dynamo,rest', dataset: 'x1,x100', server: 'apollo,yoga' };
    expect(ids(flags)).toEqual([
      'dynamo-1024-rest-api-apollo-x1-ramp',
      'dynamo-1024-rest-api-yoga-x1-ramp',
      'rest-1024-rest-api-apollo-x1-ramp',
      'rest-1024-rest-api-apollo-x100-ramp',
    ]);
    expect(gapsOf(optionsOf(flags), OFFER)).toEqual([
      'dynamo has no dataset x100: no cell of it',
      'rest has no server yoga: no cell of it',
    ]);
  });

  test('has the variants of its cells with what tells them apart', () => {
    expect(planOf({ backend: 'postgres,dynamo', variant: 'indexed' }).variants).toEqual([
      { backend: 'postgres', name: 'indexed', features: { index: true } },
    ]);
  });

  test('asks ten users at once where batching is a factor, and what weights name', () => {
    expect(planOf({}).operations).toEqual([{ name: 'UserProfile', weight: 1 }]);
    expect(planOf({ batching: 'on,off' }).operations).toContainEqual({
      name: 'TenUsers',
      weight: 10,
    });
    expect(planOf({ weights: 'TenUsers=2.5' }).operations).toEqual([
      { name: 'TenUsers', weight: 2.5 },
    ]);
  });

  test('never has the same cell twice', () => {
    const some = (...levels: string[]) =>
      fc.subarray(levels, { minLength: 1 }).map((all) => all.join(','));
    const maybe = (...levels: string[]) => fc.option(some(...levels), { nil: undefined });
    const anyFlags = fc.record({
      backend: some('dynamo', 'postgres', 'rest'),
      memory: some('512', '1024'),
      server: maybe('apollo', 'yoga'),
      variant: maybe('as-published', 'indexed'),
      dataLayer: maybe('pg', 'knex'),
      batching: maybe('on', 'off'),
      dataset: maybe('x1', 'x100'),
      provisionedConcurrency: maybe('0', '1', '5'),
      reservedConcurrency: maybe('none', '5', '10'),
    });
    fc.assert(
      fc.property(anyFlags, (flags) => {
        let cells: string[];
        try {
          cells = ids(flags);
        } catch (error) {
          // Refused by name, and never for another reason.
          expect(String(error)).toMatch(/^UsageError: --/);
          return;
        }
        expect(new Set(cells).size).toBe(cells.length);
        for (const backend of flags.backend.split(',')) {
          expect(cells.some((id) => id.startsWith(backend))).toBe(true);
        }
      }),
    );
  });

  test.each<[Flags, RegExp]>([
    [
      { backend: 'mysql' },
      /--backend: there is no "mysql" here; choose from dynamo, postgres, rest/,
    ],
    [{ server: 'express' }, /--server: there is no "express" here; choose from apollo, yoga/],
    [{ dataset: 'x7' }, /--dataset: there is no "x7"/],
    [{ front: 'invoke' }, /--front: there is no "invoke" here; choose from rest-api, function-url/],
    [{ dataLayer: 'pg' }, /--data-layer: dynamo has one way only; leave it out/],
    [
      { backend: 'dynamo,rest', variant: 'indexed' },
      /--variant: dynamo and rest have one way only/,
    ],
    [
      { backend: 'dynamo,postgres', dataset: 'x100' },
      /--dataset: dynamo has no x100, which leaves nothing of it to measure; add one of x1, or leave dynamo out of --backend/,
    ],
    [{ backend: 'dynamo,rest', server: 'yoga' }, /--server: rest has no yoga/],
    [{ backend: 'rest', batching: 'on' }, /--batching: there is no "on" here; choose from off/],
    [{ weights: 'Nothing=1' }, /--weights: there is no "Nothing" here; choose from UserProfile/],
  ])('%o is refused by name', (flags, message) => {
    expect(() => planOf(flags)).toThrow(message);
  });
});

describe('a long run', () => {
  test.each([
    [{ rounds: '100', hold: '1s' }, false],
    [{ rounds: '101', hold: '1s' }, true],
    [{ memory: '512,1024', rounds: '51', hold: '1s' }, true],
    [{ hold: '50m' }, false],
    [{ hold: '1h' }, true],
  ])('%o asks first: %s', (flags, asks) => {
    expect(asksFirst(planOf(flags))).toBe(asks);
  });

  test('is counted in trials and seconds', () => {
    const plan = planOf({ memory: '512,1024', rounds: '3' });
    expect(trialsOf(plan)).toBe(6);
    // 3 s + 10 s + 20 s of load, and 1 s beside it.
    expect(expectedS(plan)).toBe(6 * 34);
    expect(expectedS(planOf({ scenario: 'burst', preset: 'standard' }))).toBe(5 * 21);
    // Forced cold starts take about half a second each.
    expect(expectedS(planOf({ scenario: 'cold', coldStarts: '30' }))).toBe(16);
  });
});
