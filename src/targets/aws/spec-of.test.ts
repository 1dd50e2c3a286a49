import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { FRONTS, RUNTIMES } from '../../model/endpoint.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { deployedKey } from './deployed-key.ts';
import { specOf } from './spec-of.ts';
import { aPreparedCell, RUN, recordingBackends } from './testing/prepared.ts';

const settings = {
  run: RUN,
  account: '123456789012',
  region: 'us-east-1',
  architecture: 'arm64' as const,
  createdAt: new Date('2026-11-20T19:15:00Z'),
  expiresS: 4 * 3600,
  kept: false,
};
const spec = (cells: ReturnType<typeof aPreparedCell>[]) =>
  specOf(cells, recordingBackends([]), settings);

test('fronts, loads and reservations share a function; what is in it makes one of its own', () => {
  const { stacks, ...rest } = spec([
    aPreparedCell(),
    aPreparedCell({ front: 'invoke' }, { kind: 'cold', coldStarts: 3, warmRequests: 1 }),
    aPreparedCell({ reservedConcurrency: 5 }),
    aPreparedCell({ memoryMb: 2048, provisionedConcurrency: 2 }),
    aPreparedCell({ memoryMb: 2048, provisionedConcurrency: 9 }),
    aPreparedCell({ backend: 'postgres', variant: 'indexed', dataLayer: 'pg', dataset: 'x100' }),
  ]);
  expect(rest).toEqual({
    version: 1,
    run: RUN,
    account: '123456789012',
    region: 'us-east-1',
    createdAt: '2026-11-20T19:15:00.000Z',
    expiresAt: '2026-11-20T23:15:00.000Z',
    kept: false,
    assetBucket: `bench-${RUN}-123456789012-us-east-1`,
    architecture: 'arm64',
    logRetentionDays: 3,
    throttle: { ratePerS: 500, burst: 500 },
  });
  expect(stacks.map(({ name, datasets }) => ({ name, datasets }))).toEqual([
    { name: `bench-${RUN}-dynamo`, datasets: [{ name: 'x1', indexed: false }] },
    { name: `bench-${RUN}-postgres`, datasets: [{ name: 'x100', indexed: true }] },
  ]);
  const functions = stacks.flatMap((stack) => stack.functions);
  expect(functions.map(({ key, name, fronts, alias }) => [key, name, fronts, alias])).toEqual([
    [
      'dynamo-1024-apollo-x1',
      `bench-${RUN}-0-dynamo-1024-apollo-x1`,
      ['rest-api', 'invoke'],
      false,
    ],
    ['dynamo-2048-apollo-x1-live', `bench-${RUN}-1-dynamo-2048-apollo-x1-live`, ['rest-api'], true],
    [
      'postgres-1024-apollo-indexed-pg-x100',
      `bench-${RUN}-2-postgres-1024-apollo-indexed-pg`,
      ['rest-api'],
      false,
    ],
  ]);
  expect(functions[0]).toMatchObject({
    codeFolder: '/code',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    memoryMb: 1024,
    timeoutS: 30,
    environment: { OWN: 'yes' },
  });
});

test('stages let twice the load through where the usual would hold it back', () => {
  const throttle = (ratePerS: number) =>
    spec([aPreparedCell({}, { kind: 'burst', ratePerS, rateFromHost: false, holdS: 1 })]).throttle;
  expect(throttle(200)).toEqual({ ratePerS: 500, burst: 500 });
  expect(throttle(800)).toEqual({ ratePerS: 1600, burst: 1600 });
  expect(throttle(9000)).toEqual({ ratePerS: 10_000, burst: 5_000 });
});

test('what AWS is not given is refused by name', () => {
  expect(() => spec([aPreparedCell({ backend: 'rest' })])).toThrow(
    new UsageError('--backend: the target aws has no rest; choose from dynamo, postgres'),
  );
});

test('keys fit paths and differ where functions do; names fit Lambda', () => {
  const endpoints = fc.record({
    backend: fc.constantFrom('dynamo', 'postgres'),
    memoryMb: fc.constantFrom(128, 10_240),
    server: fc.constantFrom('apollo', 'graphql-js'),
    variant: fc.constantFrom(null, 'index-limit', 'index'),
    dataLayer: fc.constantFrom(null, 'pg', 'knex'),
    batching: fc.boolean(),
    dataset: fc.constantFrom('x1', 'x100'),
    runtime: fc.constantFrom(...RUNTIMES),
    timeoutS: fc.constantFrom(3, 30),
    provisionedConcurrency: fc.constantFrom(0, 1),
    revision: fc.constantFrom(null, 'base' as const, 'head' as const),
    front: fc.constantFrom(...FRONTS),
  });
  fc.assert(
    fc.property(fc.array(endpoints, { minLength: 1, maxLength: 60 }), (all) => {
      const distinct = new Set(all.map(({ front: _, ...one }) => JSON.stringify(one))).size;
      const cells = all.map((own) => aPreparedCell(own));
      const functions = spec(cells).stacks.flatMap((stack) => stack.functions);
      expect(functions).toHaveLength(distinct);
      expect(new Set(functions.map(({ name }) => name)).size).toBe(distinct);
      for (const { key, name } of functions) {
        expect(key).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
        expect(name).toMatch(/^[a-zA-Z0-9-]{1,64}$/);
      }
    }),
    { numRuns: 50, seed: 7 },
  );
});

test('what is not usual stands in the key', () => {
  expect(deployedKey(anEndpoint(), 'x86_64')).toBe('dynamo-1024-apollo-x1-x86-64');
  const own = { runtime: 'nodejs22.x', timeoutS: 5, batching: true, revision: 'base' } as const;
  expect(deployedKey(anEndpoint(own))).toBe('dynamo-1024-apollo-batched-x1-nodejs22-x-5s-base');
});
