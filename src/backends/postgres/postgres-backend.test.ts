import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InterruptedError } from '../../base/errors.ts';
import {
  createSupervisor,
  type SupervisedProcess,
  type Supervisor,
} from '../../base/processes/supervisor.ts';
import type { BackendInstance } from '../../model/ports.ts';
import type { LoadOperation } from '../../model/scenario.ts';
import { postgresBackend } from './postgres-backend.ts';
import { ask, DATA_LAYERS, endpointOf, openPostgresBench } from './testing/postgres-bench.ts';
import { VARIANTS } from './variants.ts';

const supervisor = createSupervisor();
const bench = openPostgresBench(supervisor);
afterAll(() => supervisor.close());

describe.each([
  ['x1', 37],
  ['x100', 211],
])('%s', (dataset, everyNth) => {
  const instances = new Map<string, BackendInstance>();
  let operations: LoadOperation[];
  beforeAll(async () => {
    operations = await postgresBackend.feeds(dataset);
    for (const { name } of VARIANTS) {
      const endpoint = endpointOf(name, 'pg', dataset);
      const key = postgresBackend.instanceKey(endpoint);
      if (!instances.has(key)) instances.set(key, await bench.start({ endpoint }));
    }
  });
  afterAll(async () => {
    for (const instance of instances.values()) await instance.stop();
  });

  test.each(
    VARIANTS.flatMap(({ name }) => DATA_LAYERS.map((dataLayer) => [name, dataLayer] as const)),
  )('%s by %s gives the answers the data set must give', async (variant, dataLayer) => {
    const endpoint = endpointOf(variant, dataLayer, dataset);
    const instance = instances.get(postgresBackend.instanceKey(endpoint));
    if (instance === undefined) throw new Error('not started');
    const handler = await bench.handlerOf(instance, endpoint);
    for (const { query, rows } of operations) {
      const some = rows.filter((_, index) => index % everyNth === 0 || index === rows.length - 1);
      for (const { variables, digest } of some) {
        const { data, errors } = await ask(handler, { query, variables });
        expect(errors).toBeUndefined();
        expect(createHash('sha256').update(JSON.stringify(data)).digest('hex')).toBe(digest);
      }
    }
    await handler.stop();
  });

  test('there are two sets of data: with indexes and without', () => {
    expect(instances.size).toBe(2);
  });
});

test('says what it does; the second time the data come from the cache', async () => {
  const cacheFolder = supervisor.ownFolder('bench-test-cache');
  const steps: string[] = [];
  const run = async () => {
    steps.length = 0;
    const instance = await bench.start({ cacheFolder, progress: (text) => steps.push(text) });
    await instance.stop();
  };
  await run();
  expect(steps).toEqual(
    expect.arrayContaining([
      'making a database',
      'seeding 5,000 tweets: 0%',
      'seeding 5,000 tweets: 50%',
      'seeding 5,000 tweets: 100%',
    ]),
  );
  await run();
  expect(steps).toEqual([
    'looking for PostgreSQL',
    'looking for the data in the cache',
    expect.stringMatching(/^starting postgres \(PostgreSQL\) \d+/),
  ]);
});

test('handlers may read, and nothing else', async () => {
  const { Client } = await import('pg');
  const instance = await bench.start({});
  const { DATABASE_URL: connectionString } = instance.environment(endpointOf('indexed'));
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('select count(*)::int from bench.tweets');
  expect(rows).toEqual([{ count: 5_000 }]);
  for (const statement of [
    'delete from bench.tweets',
    'create table bench.own ()',
    `copy bench.users to program 'cat'`,
  ]) {
    await expect(client.query(statement)).rejects.toThrow(/permission denied/);
  }
  await client.end();
  await instance.stop();
});

test('a database that ends by itself is told', async () => {
  const started: SupervisedProcess[] = [];
  const watched: Supervisor = {
    ...supervisor,
    ownFolder: (prefix) => supervisor.ownFolder(prefix),
    spawn(...args) {
      const child = supervisor.spawn(...args);
      started.push(child);
      return child;
    },
  };
  const doomed = await bench.start({ supervisor: watched });
  const server = started.find(({ child }) => child.exitCode === null && child.pid);
  server?.signal('SIGKILL');
  expect(await doomed.failure).toMatchObject({
    name: 'ToolError',
    message: expect.stringMatching(/^the database PostgreSQL ended by itself \(SIGKILL\)/),
  });
});

test('an interrupt while seeding rejects with its reason', async () => {
  const controller = new AbortController();
  const start = bench.start({
    cacheFolder: supervisor.ownFolder('bench-test-cache'),
    progress(text) {
      if (text.endsWith('40%')) controller.abort(new InterruptedError('SIGINT'));
    },
    signal: controller.signal,
  });
  await expect(start).rejects.toThrow(InterruptedError);
});

test.each([
  ['a data set', { endpoint: endpointOf('indexed', 'pg', 'x7') }, /--dataset: there is no "x7"/],
  ['a variant', { endpoint: endpointOf('fast') }, /--variant: postgres has no "fast"; choose from/],
  [
    'a number of connections',
    { options: { postgresUrl: null, postgresConnections: 3 } },
    /--postgres-connections: 3 is too few/,
  ],
])('%s it does not have is refused by name', async (_, own, message) => {
  await expect(bench.start(own)).rejects.toThrow(message);
});
