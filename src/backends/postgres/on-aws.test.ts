import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import type { BackendInstance } from '../../model/ports.ts';
import type { LoadOperation } from '../../model/scenario.ts';
import { bundleSeeder } from './bundle-seeder.ts';
import { postgresBackend } from './postgres-backend.ts';
import { ask, endpointOf, openPostgresBench } from './testing/postgres-bench.ts';
import { type RdsLike, READER, startRdsLike } from './testing/rds-like.ts';
import { startTokenFront, type TokenFront } from './testing/token-front.ts';
import { queryEnvironment } from './variants.ts';

const KEYS = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAOFTHEROLE',
  AWS_SECRET_ACCESS_KEY: 'never-in-a-token',
  AWS_SESSION_TOKEN: 'of+the/role==',
};
const BOTH = [
  { name: 'x1', indexed: true },
  { name: 'x1', indexed: false },
];

type Handler = (
  event: object,
  context: object,
) => Promise<{
  schemas: { schema: string; made: boolean; tweets: number }[];
  connections: { max: number; taken: number };
  peakMemoryMb: number;
}>;

const supervisor = createSupervisor();
const bench = openPostgresBench(supervisor);
let rds: RdsLike;
let front: TokenFront;
let handler: Handler;
const said: string[] = [];
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation((text: string) => said.push(text));
  const folder = supervisor.ownFolder('bench-test-seeder');
  const [started, bundle] = await Promise.all([startRdsLike(supervisor), bundleSeeder(folder)]);
  rds = started;
  const upstream = join(rds.socketFolder, `.s.PGSQL.${rds.port}`);
  front = await startTokenFront(supervisor.ownFolder('bench-test-front'), upstream);
  vi.stubEnv('DATABASE_URL', `postgresql://${READER}@127.0.0.1:${rds.port}/postgres`);
  expect(bundle).toEqual({ codeFolder: folder, handler: 'index.handler' });
  handler = createRequire(import.meta.url)(join(folder, 'index.cjs')).handler;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  front.close();
  await rds.stop();
  await supervisor.close();
});

function seeded(datasets: object[], own: { leftMs?: number; password?: string } = {}) {
  const admin = { ...rds.master, ...(own.password !== undefined && { password: own.password }) };
  const context = { getRemainingTimeInMillis: () => own.leftMs ?? 60_000 };
  return handler({ datasets, admin }, context);
}

test('a schema per data set is made once, and then left', async () => {
  const first = await seeded(BOTH);
  expect(first).toMatchObject({
    schemas: [
      { schema: 'bench_x1_indexed', made: true, tweets: 5_000 },
      { schema: 'bench_x1_keys', made: true, tweets: 5_000 },
    ],
    connections: { max: 20, taken: 3 },
    peakMemoryMb: expect.any(Number),
  });
  expect(said).toContain('bench_x1_keys: seeding 5,000 tweets: 100%');
  expect(JSON.stringify([first, said])).not.toContain(rds.master.password);
  const again = await seeded(BOTH);
  expect(again.schemas.map(({ made }) => made)).toEqual([false, false]);
  const { rows } = await rds.asSuperuser((client) =>
    client.query(
      `select schemaname, count(*)::int from pg_indexes where schemaname like 'bench_%' group by 1 order by 1`,
    ),
  );
  expect(rows).toEqual([
    { schemaname: 'bench_x1_indexed', count: 7 },
    { schemaname: 'bench_x1_keys', count: 2 },
  ]);
});

describe.each([
  ['pg', 'indexed', 'bench_x1_indexed'],
  ['knex', 'as-published', 'bench_x1_keys'],
])('handlers with %s', (dataLayer, variant, schema) => {
  const endpoint = endpointOf(variant, dataLayer);
  const handlerWith = (own: Record<string, string>) => {
    front.tokens.length = 0;
    const environment = () => ({
      DATABASE_URL: `postgresql://${READER}@localhost:${front.port}/postgres?sslmode=verify-full`,
      DATABASE_SCHEMA: schema,
      DATABASE_AUTH: 'iam',
      ...KEYS,
      ...queryEnvironment(endpoint),
    });
    return bench.handlerOf({ environment } as unknown as BackendInstance, endpoint, own);
  };

  test('come in by a token per connection, over TLS, and answer as the data set must', async () => {
    const process = await handlerWith({ NODE_EXTRA_CA_CERTS: front.certificate });
    const right = async ({ query, rows: [row] }: LoadOperation) => {
      const { data } = await ask(process, { query, variables: row?.variables ?? {} });
      return createHash('sha256').update(JSON.stringify(data)).digest('hex') === row?.digest;
    };
    const operations = await postgresBackend.feeds('x1');
    for (const { rows, ...operation } of operations) {
      for (const row of rows.filter((_, index) => index % 101 === 0)) {
        const asked = [operation.name, row.variables];
        const isRight = await right({ ...operation, rows: [row] });
        expect([...asked, isRight]).toEqual([...asked, true]);
      }
    }
    const [token = '', ...more] = front.tokens;
    expect(more).toEqual([]);
    const { host, searchParams } = new URL(`https://${token}`);
    expect(host).toBe(`localhost:${front.port}`);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      Action: 'connect',
      DBUser: READER,
      'X-Amz-Credential': expect.stringMatching(/^ASIAOFTHEROLE\/\d{8}\/eu-central-1\/rds-db\//),
      'X-Amz-Security-Token': KEYS.AWS_SESSION_TOKEN,
      'X-Amz-Expires': '900',
    });
    expect(token).not.toContain(KEYS.AWS_SECRET_ACCESS_KEY);
    await rds.asSuperuser((client) =>
      client.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where usename = '${READER}'`),
    );
    const [first] = operations;
    if (first === undefined) throw new Error('no operations');
    // It hears of the end before, or by the next request.
    await right(first);
    expect(await right(first)).toBe(true);
    expect(front.tokens).toHaveLength(2);
    await process.stop();
  });

  test('give no token to a server whose certificate is not trusted', async () => {
    const process = await handlerWith({});
    const { errors } = await ask(process, { query: '{ getUserInfo(handle: "a") { name } }' });
    expect(errors).toMatchObject([{ message: expect.stringMatching(/self-signed certificate/) }]);
    expect(front.tokens).toEqual([]);
    await process.stop();
  });
});

test('handlers’ role has rds_iam, may read, and nothing else', async () => {
  await rds.asSuperuser(async (client) => {
    const { rows } = await client.query(
      `select pg_has_role('${READER}', 'rds_iam', 'member') as iam,
        has_table_privilege('${READER}', 'bench_x1_keys.tweets', 'select') as reads,
        has_table_privilege('${READER}', 'bench_x1_keys.tweets', 'insert,update,delete,truncate') as writes,
        has_schema_privilege('${READER}', 'bench_x1_keys', 'create') as makes`,
    );
    expect(rows).toEqual([{ iam: true, reads: true, writes: false, makes: false }]);
  });
});

test('a schema without its mark, or of other code, is made anew', async () => {
  await rds.asSuperuser(async (client) => {
    await client.query('comment on schema bench_x1_keys is null');
    await client.query('drop table bench_x1_keys.users');
    await client.query(`comment on schema bench_x1_indexed is 'older'`);
  });
  expect((await seeded(BOTH)).schemas.map(({ made }) => made)).toEqual([true, true]);
});

test('out of time, nothing of it stays', async () => {
  await rds.asSuperuser((client) => client.query('drop schema bench_x1_keys cascade'));
  // 15 seconds are kept for last words.
  const late = seeded(BOTH.slice(1), { leftMs: 15_030 });
  await expect(late).rejects.toThrow(/^not done in 0 s$/);
  await vi.waitFor(async () => {
    const left = await rds.asSuperuser((client) =>
      client.query(
        `select nspname from pg_namespace where nspname = 'bench_x1_keys'
          union all select usename from pg_stat_activity where usename = '${rds.master.username}'`,
      ),
    );
    expect(left.rows).toEqual([]);
  });
});

test('two at a time: the second finds what the first made', async () => {
  const answers = await Promise.all([seeded(BOTH.slice(1)), seeded(BOTH.slice(1))]);
  expect(answers.map(({ schemas }) => schemas[0]?.made).sort()).toEqual([false, true]);
});

test.each([
  ['a password', BOTH, { password: 'wrong!' }, /^password authentication failed for user/],
  ['a data set', [{ name: 'x7', indexed: true }], {}, /^there is no data set "x7"$/],
])('%s that is wrong is told in plain words', async (_, datasets, own, message) => {
  const error = await seeded(datasets, own).catch((thrown) => thrown);
  expect(error.message).toMatch(message);
  expect(Object.keys(error)).toEqual([]);
});
