import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InterruptedError } from '../../base/errors.ts';
import {
  createSupervisor,
  type SupervisedProcess,
  type Supervisor,
} from '../../base/processes/supervisor.ts';
import type { BackendContext, BackendInstance, HandlerArtifact } from '../../model/ports.ts';
import type { LoadOperation } from '../../model/scenario.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { type Daemon, startDaemon } from '../shared/testing/daemon.ts';
import { functionUrlEvent, restApiEvent } from '../shared/testing/events.ts';
import { type HandlerProcess, startHandler } from '../shared/testing/handler-process.ts';
import { dynamoBackend } from './dynamo-backend.ts';

const supervisor = createSupervisor();
const { signal } = new AbortController();
const steps: string[] = [];

function contextOf(own: Partial<BackendContext>): BackendContext {
  return {
    supervisor,
    endpoint: anEndpoint(),
    options: { postgresUrl: null, postgresConnections: null },
    cacheFolder: cache,
    progress() {},
    signal,
    ...own,
  };
}
const cache = supervisor.ownFolder('bench-test-cache');
let backend: BackendInstance;
let artifact: HandlerArtifact;
let operations: LoadOperation[];
let daemon: Daemon;
let handler: HandlerProcess;

beforeAll(async () => {
  [backend, artifact, operations, daemon] = await Promise.all([
    dynamoBackend.start(contextOf({ progress: (text) => steps.push(text) })),
    dynamoBackend.bundle(anEndpoint(), supervisor.ownFolder('bench-test')),
    dynamoBackend.feeds('x1'),
    startDaemon(),
  ]);
  handler = await startHandler(supervisor, artifact, {
    ...backend.environment(anEndpoint()),
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  });
});

afterAll(async () => {
  await backend.stop();
  daemon.close();
  await supervisor.close();
});

const ROOT = '1-691f0c2a-0123456789abcdef01234567';
const PARENT = '53995c3f42cd8ad8';
const SAMPLED = `Root=${ROOT};Parent=${PARENT};Sampled=1;Lineage=1:a87bd80c:0`;
const WITH_TWEETS = `query($handle: String!, $limit: Int!, $nextToken: String) {
  getUserInfo(handle: $handle) {
    name
    topTweet { tweet_id }
    tweets(limit: $limit, nextToken: $nextToken) { items { tweet_id } nextToken }
  }
}`;

/** A sample of rows that meets the first, the last and others in between. */
function sampled<T>(rows: readonly T[]): T[] {
  return rows.filter((_, index) => index % 37 === 0 || index === rows.length - 1);
}

async function ask(variables: object, traceHeader?: string) {
  const { answer } = await handler.invoke(
    restApiEvent({ query: WITH_TWEETS, variables }),
    traceHeader,
  );
  return JSON.parse(answer.body) as {
    data: { getUserInfo: { tweets: { items: object[]; nextToken: string | null } } } | null;
    errors?: { message: string; extensions: { code: string } }[];
  };
}

test('says what it does, and where its database is', () => {
  const percents = Array.from({ length: 21 }, (_, step) => `seeding 5,500 items: ${step * 5}%`);
  expect(steps).toEqual(['looking for a snapshot of x1', ...percents, 'starting dynalite']);
  expect(backend.environment(anEndpoint())).toEqual({
    AWS_ENDPOINT_URL_DYNAMODB: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    USERS_TABLE: 'Users',
    TWEETS_TABLE: 'Tweets',
  });
  expect(backend.cpuUs()).toBeGreaterThan(0);
});

test.each([
  ['a REST API', restApiEvent],
  ['a function URL', functionUrlEvent],
])('behind %s every operation gives the answer the data set must give', async (_, event) => {
  expect(operations.map(({ name }) => name)).toEqual(
    dynamoBackend.operations.map(({ name }) => name),
  );
  await expectDigests(handler, event);
});

test('from the snapshot it answers the same, without seeding', async () => {
  const said: string[] = [];
  const again = await dynamoBackend.start(contextOf({ progress: (text) => said.push(text) }));
  expect(said).toEqual(['looking for a snapshot of x1', 'starting dynalite']);
  const copied = await startHandler(supervisor, artifact, again.environment(anEndpoint()));
  await expectDigests(copied, restApiEvent);
  await copied.stop();
  await again.stop();
});

async function expectDigests(of: HandlerProcess, event: (body: object) => object): Promise<void> {
  for (const { query, rows } of operations) {
    for (const { variables, digest } of sampled(rows)) {
      const { answer } = await of.invoke(event({ query, variables }));
      expect(answer.statusCode).toBe(200);
      const { data, errors } = JSON.parse(answer.body);
      expect(errors).toBeUndefined();
      expect(createHash('sha256').update(JSON.stringify(data)).digest('hex')).toBe(digest);
    }
  }
}

test('pages end: full, full, empty', async () => {
  const handle = operations[0]?.rows[11]?.variables.handle;
  const counts: number[] = [];
  let nextToken: string | null | undefined = null;
  do {
    const { data } = await ask({ handle, limit: 5, nextToken });
    counts.push(data?.getUserInfo.tweets.items.length ?? -1);
    nextToken = data?.getUserInfo.tweets.nextToken;
  } while (nextToken);
  expect(counts).toEqual([5, 5, 0]);
});

test('an unknown handle and a foreign token are GraphQL errors', async () => {
  const unknown = await ask({ handle: 'nobody', limit: 1 });
  expect(unknown.data).toBeNull();
  expect(unknown.errors?.[0]).toMatchObject({ message: 'User not found' });
  const handle = operations[0]?.rows[0]?.variables.handle;
  const foreign = await ask({ handle, limit: 1, nextToken: 'e30' });
  expect(foreign.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('every call is a subsegment of the invocation, where it is sampled', async () => {
  daemon.received.length = 0;
  const handle = operations[0]?.rows[0]?.variables.handle;
  const beforeS = Date.now() / 1000;
  await ask({ handle, limit: 3 });
  await ask({ handle, limit: 3 }, SAMPLED.replace('Sampled=1', 'Sampled=0'));
  await ask({ handle, limit: 3 }, SAMPLED);
  const documents = await daemon.until(3);
  expect(documents.map((document) => document.aws.operation)).toEqual([
    'GetItem',
    'Query',
    'Query',
  ]);
  expect(new Set(documents.map(({ id }) => id)).size).toBe(3);
  for (const document of documents) {
    expect(document).toMatchObject({
      type: 'subsegment',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_id: ROOT,
      parent_id: PARENT,
      name: 'DynamoDB',
      namespace: 'aws',
      http: { response: { status: 200 } },
    });
    const table = document.aws.operation === 'GetItem' ? 'Users' : 'Tweets';
    expect(document.aws).toEqual({
      operation: document.aws.operation,
      region: 'us-east-1',
      table_name: table,
      resource_names: [table],
      request_id: expect.stringMatching(/^[A-Z0-9]{52}$/),
      retries: 0,
    });
    expect(document.start_time).toBeGreaterThan(beforeS - 0.01);
    expect(document.end_time).toBeGreaterThan(document.start_time);
    expect(document).not.toHaveProperty('error');
    expect(document).not.toHaveProperty('fault');
  }
});

test('a call that fails says how: the table is missing, the database is gone', async () => {
  daemon.received.length = 0;
  const broken = await startHandler(supervisor, artifact, {
    ...backend.environment(anEndpoint()),
    USERS_TABLE: 'Missing',
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  });
  const lost = await startHandler(supervisor, artifact, {
    ...backend.environment(anEndpoint()),
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  });
  const event = restApiEvent({ query: WITH_TWEETS, variables: { handle: 'a', limit: 1 } });
  await broken.invoke(event, SAMPLED);
  const { answer } = await lost.invoke(event, SAMPLED);
  expect(JSON.parse(answer.body).errors).toHaveLength(1);
  const [missing, gone] = await daemon.until(2);
  expect(missing).toMatchObject({ error: true, http: { response: { status: 400 } } });
  expect(missing).not.toHaveProperty('fault');
  expect(gone).toMatchObject({ fault: true, http: { response: {} } });
  expect(gone?.aws.retries).toBeGreaterThan(0);
  await Promise.all([broken.stop(), lost.stop()]);
});

test('an unknown data set is refused by name', async () => {
  const start = dynamoBackend.start(contextOf({ endpoint: anEndpoint({ dataset: 'x7' }) }));
  await expect(start).rejects.toThrow('--dataset: there is no "x7" here; choose from x1, x100');
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
  const doomed = await dynamoBackend.start(contextOf({ supervisor: watched }));
  started[0]?.signal('SIGKILL');
  expect(await doomed.failure).toMatchObject({
    name: 'ToolError',
    message: 'the database dynalite ended by itself (SIGKILL)',
  });
});

test('an interrupt while seeding rejects with its reason and leaves nothing', async () => {
  const controller = new AbortController();
  const folders: string[] = [];
  const watched: Supervisor = {
    ...supervisor,
    spawn: (...args) => supervisor.spawn(...args),
    ownFolder(prefix) {
      const folder = supervisor.ownFolder(prefix);
      folders.push(folder);
      return folder;
    },
  };
  const empty = supervisor.ownFolder('bench-test-cache');
  const start = dynamoBackend.start(
    contextOf({
      supervisor: watched,
      cacheFolder: empty,
      endpoint: anEndpoint({ dataset: 'x100' }),
      progress(text) {
        if (text.endsWith(' 5%')) controller.abort(new InterruptedError('SIGINT'));
      },
      signal: controller.signal,
    }),
  );
  await expect(start).rejects.toThrow(InterruptedError);
  expect(folders).toHaveLength(1);
  expect(existsSync(folders[0] ?? '')).toBe(false);
  expect(readdirSync(empty)).toEqual([]);
});

test('a damaged snapshot is named', async () => {
  const snapshots = join(cache, 'snapshots');
  const [kept = ''] = readdirSync(snapshots);
  expect(kept).toMatch(/^dynalite-x1-[0-9a-f]{16}$/);
  const folder = join(snapshots, kept);
  const named = new RegExp(`^the database from the snapshot ${folder} does not answer .*remove`);
  writeFileSync(join(folder, 'CURRENT'), 'not a manifest');
  await expect(dynamoBackend.start(contextOf({}))).rejects.toThrow(named);
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  await expect(dynamoBackend.start(contextOf({}))).rejects.toThrow(named);
});
