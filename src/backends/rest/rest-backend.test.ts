import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataset } from '../../../fixtures/dataset/dataset.ts';
import { InterruptedError } from '../../base/errors.ts';
import {
  createSupervisor,
  type SupervisedProcess,
  type Supervisor,
} from '../../base/processes/supervisor.ts';
import type { BackendContext, BackendInstance, HandlerArtifact } from '../../model/ports.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { type Daemon, startDaemon } from '../shared/testing/daemon.ts';
import { functionUrlEvent, restApiEvent } from '../shared/testing/events.ts';
import { type HandlerProcess, startHandler } from '../shared/testing/handler-process.ts';
import { restBackend } from './rest-backend.ts';

const supervisor = createSupervisor();
const endpointOf = (dataset: string, batching = false) =>
  anEndpoint({ backend: 'rest', dataset, batching });

function contextOf(own: Partial<BackendContext> = {}): BackendContext {
  return {
    supervisor,
    endpoint: endpointOf('x1'),
    options: { postgresUrl: null, postgresConnections: null },
    cacheFolder: '/nowhere',
    progress() {},
    signal: new AbortController().signal,
    ...own,
  };
}

let backend: BackendInstance;
let direct: HandlerArtifact;
let batched: HandlerArtifact;
let daemon: Daemon;

beforeAll(async () => {
  [backend, direct, batched, daemon] = await Promise.all([
    restBackend.start(contextOf()),
    restBackend.bundle(endpointOf('x1'), supervisor.ownFolder('bench-test')),
    restBackend.bundle(endpointOf('x1', true), supervisor.ownFolder('bench-test')),
    startDaemon(),
  ]);
});

afterAll(async () => {
  await backend.stop();
  daemon.close();
  await supervisor.close();
});

function handlerOf(
  artifact: HandlerArtifact,
  own: Record<string, string> = {},
  of = backend,
): Promise<HandlerProcess> {
  return startHandler(supervisor, artifact, {
    ...of.environment(endpointOf('x1')),
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
    ...own,
  });
}

const ROOT = '1-691f0c2a-0123456789abcdef01234567';
const SAMPLED = `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`;
const handle = dataset('x1').users[0]?.handle ?? '';
const PROFILE = { query: '{ getUserInfo(handle: "ada_abelson") { name } }' };

test('every operation gives the answer the data set must give: x1, x100, both events, both loaders', async () => {
  const hundredfold = await restBackend.start(contextOf({ endpoint: endpointOf('x100') }));
  for (const [name, of, step] of [
    ['x1', backend, 37] as const,
    ['x100', hundredfold, 83] as const,
  ]) {
    const operations = await restBackend.feeds(name);
    expect(operations.map((operation) => operation.name)).toEqual(
      restBackend.operations.map((operation) => operation.name),
    );
    for (const artifact of [direct, batched]) {
      const handler = await handlerOf(artifact, {}, of);
      for (const { query, rows } of operations) {
        for (const [index, { variables, digest }] of rows.entries()) {
          if (index % step !== 0 && index !== rows.length - 1) continue;
          const event = index % 2 === 0 ? restApiEvent : functionUrlEvent;
          const { answer } = await handler.invoke(event({ query, variables }));
          expect(answer.statusCode).toBe(200);
          const { data, errors } = JSON.parse(answer.body);
          expect(errors).toBeUndefined();
          expect(createHash('sha256').update(JSON.stringify(data)).digest('hex')).toBe(digest);
        }
      }
      await handler.stop();
    }
  }
  await hundredfold.stop();
});

test('an unknown handle is "User not found", as over every backend', async () => {
  const handler = await handlerOf(direct);
  const query = 'query($unknown: String!) { getUserInfo(handle: $unknown) { name } }';
  for (const unknown of ['no/body?', '', '.', '..', '\ud800', 'a,b&handle=c']) {
    const { answer } = await handler.invoke(restApiEvent({ query, variables: { unknown } }));
    expect(JSON.parse(answer.body)).toMatchObject({
      errors: [{ message: 'User not found', extensions: { code: 'NOT_FOUND' } }],
    });
  }
  await handler.stop();
});

test('each call is a subsegment as the X-Ray SDK writes it, without token or query', async () => {
  daemon.received.length = 0;
  const handler = await handlerOf(direct);
  const query = `{ getUserInfo(handle: "${handle}") { tweets(limit: 3) { nextToken } } }`;
  await handler.invoke(restApiEvent({ query }));
  await handler.invoke(restApiEvent({ query }), SAMPLED);
  const documents = await daemon.until(2);
  const { REST_URL = '', REST_TOKEN = '' } = backend.environment(endpointOf('x1'));
  expect(documents.map(({ http }) => http)).toEqual(
    [`/users/${handle}`, `/users/${handle}/tweets`].map((path) => ({
      request: { url: `${REST_URL}${path}`, method: 'GET' },
      response: { status: 200, content_length: expect.any(Number) },
    })),
  );
  for (const document of documents) {
    expect(document).toMatchObject({
      type: 'subsegment',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_id: ROOT,
      parent_id: '53995c3f42cd8ad8',
      name: '127.0.0.1',
      namespace: 'remote',
    });
    expect(document.end_time).toBeGreaterThan(document.start_time);
    expect(document).not.toHaveProperty('fault');
    expect(document).not.toHaveProperty('error');
  }
  expect(REST_TOKEN.length).toBeGreaterThan(40);
  expect(JSON.stringify(documents)).not.toContain(REST_TOKEN);
  await handler.stop();
});

test('batching makes one call of ten users', async () => {
  const operation = (await restBackend.feeds('x1')).find(({ name }) => name === 'TenUsers');
  const variables = operation?.rows[5]?.variables;
  const calls: number[] = [];
  for (const artifact of [direct, batched]) {
    daemon.received.length = 0;
    const handler = await handlerOf(artifact);
    await handler.invoke(restApiEvent({ query: operation?.query, variables }), SAMPLED);
    // The last subsegment of an invocation has been sent when one of the next comes.
    await handler.invoke(restApiEvent(PROFILE), SAMPLED.replace(ROOT, `${ROOT.slice(0, -1)}8`));
    while (daemon.received.every(({ trace_id }) => trace_id === ROOT)) {
      await daemon.until(daemon.received.length + 1);
    }
    calls.push(daemon.received.filter(({ trace_id }) => trace_id === ROOT).length);
    await handler.stop();
  }
  expect(calls[0]).toBeGreaterThanOrEqual(10);
  expect(calls[1]).toBeLessThanOrEqual(2);
});

test('a wrong token is told, but not what it is', async () => {
  daemon.received.length = 0;
  const handler = await handlerOf(direct, { REST_TOKEN: 'a-wrong-one' });
  const { answer } = await handler.invoke(restApiEvent(PROFILE), SAMPLED);
  expect(answer.body).not.toContain('a-wrong-one');
  expect(JSON.parse(answer.body)).toMatchObject({
    data: null,
    errors: [
      {
        message: 'the REST service refused the token (401): the bearer token is not valid',
        extensions: { code: 'BACKEND_ERROR', status: 401 },
      },
    ],
  });
  const [refused] = await daemon.until(1);
  expect(refused).toMatchObject({ error: true, http: { response: { status: 401 } } });
  expect(refused).not.toHaveProperty('fault');
  await handler.stop();
});

test('the service answers in JSON over one connection, and not to web pages by another name', async () => {
  const { REST_URL = '', REST_TOKEN = '' } = backend.environment(endpointOf('x1'));
  const headers = { authorization: `Bearer ${REST_TOKEN}` };
  const unknown = await fetch(`${REST_URL}/users/nobody`, { headers });
  expect(unknown.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await unknown.json()).toEqual({
    error: { code: 'not_found', message: 'there is no user nobody' },
  });
  const posted = await fetch(`${REST_URL}/users`, { method: 'POST', headers, body: '{}' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  const bare = await fetch(`${REST_URL}/users/nobody`);
  expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  const rebound = await new Promise<number | undefined>((resolve, reject) => {
    const call = request(
      `${REST_URL}/users/${handle}`,
      { headers: { ...headers, host: 'rebound.example.org' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    call.once('error', reject).end();
  });
  expect(rebound).toBe(403);
  expect(backend.cpuUs()).toBeGreaterThan(0);
});

test('a service that ends by itself is told, and so is what requests then get', async () => {
  daemon.received.length = 0;
  const started: SupervisedProcess[] = [];
  const watched: Supervisor = {
    ...supervisor,
    spawn(...args) {
      const child = supervisor.spawn(...args);
      started.push(child);
      return child;
    },
  };
  const doomed = await restBackend.start(contextOf({ supervisor: watched }));
  const handler = await handlerOf(direct, {}, doomed);
  await handler.invoke(restApiEvent(PROFILE));
  started[0]?.signal('SIGKILL');
  expect(await doomed.failure).toMatchObject({
    name: 'ToolError',
    message: 'the REST service ended by itself (SIGKILL)',
  });
  const { answer } = await handler.invoke(restApiEvent(PROFILE), SAMPLED);
  expect(JSON.parse(answer.body)).toMatchObject({
    errors: [
      {
        message: expect.stringMatching(/^the REST service gave no answer: connect ECONNREFUSED/),
        extensions: { code: 'BACKEND_ERROR' },
      },
    ],
  });
  const [lost] = await daemon.until(1);
  expect(lost).toMatchObject({ fault: true, http: { request: { method: 'GET' } } });
  await handler.stop();
});

test('tokens differ from run to run; an interrupt and an unknown data set are told', async () => {
  const other = await restBackend.start(contextOf());
  expect(other.environment(endpointOf('x1')).REST_TOKEN).not.toBe(
    backend.environment(endpointOf('x1')).REST_TOKEN,
  );
  await other.stop();
  const signal = AbortSignal.abort(new InterruptedError('SIGINT'));
  await expect(restBackend.start(contextOf({ signal }))).rejects.toThrow(InterruptedError);
  const unknown = restBackend.start(contextOf({ endpoint: endpointOf('x7') }));
  await expect(unknown).rejects.toThrow('--dataset: there is no "x7" here; choose from x1, x100');
});
