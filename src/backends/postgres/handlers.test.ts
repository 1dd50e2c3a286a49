import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import type { BackendInstance } from '../../model/ports.ts';
import type { HostFacts } from '../../model/trial.ts';
import { type Daemon, startDaemon } from '../shared/testing/daemon.ts';
import { postgresBackend } from './postgres-backend.ts';
import { ask, DATA_LAYERS, endpointOf, openPostgresBench } from './testing/postgres-bench.ts';

const supervisor = createSupervisor();
const bench = openPostgresBench(supervisor);
/** PostgreSQL keeps three of them for superusers: there are two for handlers. */
const MAX_CONNECTIONS = 5;
const HANDLE = 'ada_abelson';
const ROOT = '1-691f0c2a-0123456789abcdef01234567';
const PARENT = '53995c3f42cd8ad8';
const SAMPLED = `Root=${ROOT};Parent=${PARENT};Sampled=1`;
const QUERY = `query($handle: String!) {
  getUserInfo(handle: $handle) { name tweets(limit: 2) { items { tweet_id } } topTweet { tweet_id } }
}`;
const REQUEST = { query: QUERY, variables: { handle: HANDLE } };
const ANSWER = {
  getUserInfo: {
    name: 'Ada Abelson',
    tweets: { items: [{ tweet_id: '1000000000009' }, { tweet_id: '1000000000008' }] },
    topTweet: { tweet_id: '1000000000009' },
  },
};

let instance: BackendInstance;
let daemon: Daemon;
beforeAll(async () => {
  [instance, daemon] = await Promise.all([
    bench.start({ options: { postgresUrl: null, postgresConnections: MAX_CONNECTIONS } }),
    startDaemon(),
  ]);
});
beforeEach(() => {
  daemon.received.length = 0;
});
afterAll(async () => {
  await instance.stop();
  daemon.close();
  await supervisor.close();
});

/** PostgreSQL lets go of what a handler held a moment after its process has ended. */
async function connected(connectionString: string | undefined): Promise<Client> {
  const { Client } = await import('pg');
  for (;;) {
    const client = new Client({ connectionString });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if ((error as { code?: string }).code !== '53300') throw error;
      await sleep(10);
    }
  }
}

/** Ends the connections of all handlers, as a restart of the database would. */
async function endConnections(): Promise<void> {
  const { DATABASE_URL: connectionString } = instance.environment(endpointOf('indexed'));
  const client = await connected(connectionString);
  await client.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where usename = current_user and pid <> pg_backend_pid()`,
  );
  await client.end();
}

function hostWith(environmentsPeak: number): HostFacts {
  return { environmentsPeak } as HostFacts;
}

describe.each(DATA_LAYERS)('%s', (dataLayer) => {
  const endpoint = endpointOf('indexed', dataLayer);
  const traced = () => ({ AWS_XRAY_DAEMON_ADDRESS: daemon.address });

  test('every query is a subsegment of the invocation; setting up its connection lies within', async () => {
    const handler = await bench.handlerOf(instance, endpoint, traced());
    expect((await ask(handler, REQUEST, SAMPLED)).data).toEqual(ANSWER);
    const [user, connect, ...others] = await daemon.until(4);
    const port = new URL(instance.environment(endpoint).DATABASE_URL ?? '').port;
    for (const document of [user, ...others]) {
      expect(document).toMatchObject({
        type: 'subsegment',
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        trace_id: ROOT,
        parent_id: PARENT,
        name: 'postgres@127.0.0.1',
        namespace: 'remote',
        sql: {
          url: `127.0.0.1:${port}/postgres`,
          user: 'bench_reader',
          database_type: 'postgres',
          sanitized_query: expect.stringMatching(/^select .* from .*\$1/),
        },
      });
      expect(JSON.stringify(document)).not.toContain(HANDLE);
      expect(document).not.toHaveProperty('fault');
    }
    expect(connect).toMatchObject({
      parent_id: user?.id,
      name: 'connect postgres@127.0.0.1',
      namespace: 'remote',
    });
    expect(connect?.start_time).toBeGreaterThanOrEqual(user?.start_time ?? 0);
    expect(connect?.end_time).toBeLessThanOrEqual(user?.end_time ?? 0);
    // The connection is kept.
    await ask(handler, REQUEST, SAMPLED);
    expect((await daemon.until(7)).slice(4).map(({ parent_id }) => parent_id)).toEqual([
      PARENT,
      PARENT,
      PARENT,
    ]);
    await handler.stop();
  });

  test('ten users are one query with batching, and ten without', async () => {
    const feed = (await postgresBackend.feeds('x1')).find(({ name }) => name === 'TenUsers');
    if (feed === undefined) throw new Error('there is no such operation');
    const request = { query: feed.query, variables: feed.rows[0]?.variables ?? {} };
    const answers: unknown[] = [];
    for (const [batching, queries] of [[true, 1] as const, [false, 10] as const]) {
      daemon.received.length = 0;
      const handler = await bench.handlerOf(instance, { ...endpoint, batching }, traced());
      answers.push((await ask(handler, request, SAMPLED)).data);
      // With that of the connection.
      const documents = await daemon.until(queries + 1);
      expect(documents.filter(({ parent_id }) => parent_id === PARENT)).toHaveLength(queries);
      await handler.stop();
    }
    expect(answers[0]).toBeTruthy();
    expect(answers[0]).toEqual(answers[1]);
  });

  test('one environment has one connection, however many fields ask at once', async () => {
    const { DATABASE_URL: connectionString } = instance.environment(endpoint);
    await endConnections();
    const handler = await bench.handlerOf(instance, endpoint);
    await Promise.all([ask(handler, REQUEST), ask(handler, REQUEST)]);
    const client = await connected(connectionString);
    const { rows } = await client.query(
      `select count(*)::int from pg_stat_activity
        where usename = current_user and pid <> pg_backend_pid()`,
    );
    expect(rows).toEqual([{ count: 1 }]);
    await client.end();
    await handler.stop();
  });

  test('a connection that broke is replaced', async () => {
    const handler = await bench.handlerOf(instance, endpoint);
    await ask(handler, REQUEST);
    await endConnections();
    // It hears of the end before, or by the next request.
    await ask(handler, REQUEST);
    expect((await ask(handler, REQUEST)).data).toEqual(ANSWER);
    await handler.stop();
  });

  test.each(['apollo', 'yoga', 'graphql-js'])(
    'out of connections is told in PostgreSQL’s words: %s',
    async (server) => {
      await endConnections();
      const wanted = endpointOf('indexed', dataLayer, 'x1', server);
      const handlers = await Promise.all(
        [1, 2, 3].map(() => bench.handlerOf(instance, wanted, traced())),
      );
      const bodies = [];
      for (const handler of handlers) bodies.push(await ask(handler, REQUEST, SAMPLED));
      expect(bodies[1]?.data).toEqual(ANSWER);
      expect(bodies[2]?.errors).toMatchObject([
        {
          message: expect.stringMatching(/^remaining connection slots are reserved/),
          extensions: { code: 'DATABASE_ERROR', postgres: '53300' },
        },
      ]);
      const failed = (await daemon.until(9)).find((document) => document.fault);
      expect(failed).toMatchObject({
        parent_id: PARENT,
        cause: { exceptions: [{ message: bodies[2]?.errors?.[0]?.message, remote: true }] },
      });
      // When another lets go of its own, there is one.
      await handlers[0]?.stop();
      await endConnections();
      expect((await ask(handlers[2] as (typeof handlers)[0], REQUEST)).data).toEqual(ANSWER);
      await Promise.all(handlers.map((handler) => handler.stop()));
    },
  );

  test('what PostgreSQL says of a query is told without the query', async () => {
    const own = { ...traced(), DATABASE_SCHEMA: 'nowhere' };
    const handler = await bench.handlerOf(instance, endpoint, own);
    for (const _ of ['with a new connection', 'with the same']) {
      expect((await ask(handler, REQUEST, SAMPLED)).errors).toMatchObject([
        {
          message: 'relation "nowhere.users" does not exist',
          extensions: { code: 'DATABASE_ERROR', postgres: '42P01' },
        },
      ]);
    }
    const [first, connect, second] = await daemon.until(3);
    expect([first, second]).toMatchObject([
      { parent_id: PARENT, fault: true },
      { parent_id: PARENT, fault: true },
    ]);
    expect(connect?.parent_id).toBe(first?.id);
    await handler.stop();
  });

  test('a database that is not there is told; a handle of any characters is not found', async () => {
    const lost = await bench.handlerOf(instance, endpoint, {
      DATABASE_URL: 'postgresql://a:secret@127.0.0.1:9/postgres',
    });
    const { errors } = await ask(lost, REQUEST);
    expect(errors).toMatchObject([{ extensions: { postgres: 'ECONNREFUSED' } }]);
    expect(JSON.stringify(errors)).not.toContain('secret');
    const handler = await bench.handlerOf(instance, endpoint);
    for (const handle of ['', "'; drop table users", '\0', '\ud800', 'ü'.repeat(9_000)]) {
      const body = await ask(handler, { query: QUERY, variables: { handle } });
      expect(body.errors).toMatchObject([{ message: 'User not found' }]);
    }
    await Promise.all([lost.stop(), handler.stop()]);
  });
});

test('environments beyond the connections make a trial doubtful; nearly as many are worth a note', () => {
  const warnings = (peak: number) => instance.trialWarnings?.(hostWith(peak)) ?? [];
  expect(warnings(3)).toMatchObject([
    {
      code: 'database-connections',
      severity: 'doubtful',
      message: expect.stringMatching(
        /^3 environments.* has 2 for them \(max_connections is 5;.*53300$/,
      ),
    },
  ]);
  expect(warnings(2)).toMatchObject([{ severity: 'note' }]);
  expect(warnings(1)).toEqual([]);
  expect(instance.trialWarnings?.(null)).toEqual([]);
});
