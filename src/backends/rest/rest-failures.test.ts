import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import type { HandlerArtifact } from '../../model/ports.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { restApiEvent } from '../shared/testing/events.ts';
import { startHandler } from '../shared/testing/handler-process.ts';
import { restBackend } from './rest-backend.ts';
import { sendJson, startStub } from './testing/stub-service.ts';

const supervisor = createSupervisor();
const SERVERS = restBackend.servers;
const artifacts = new Map<string, HandlerArtifact>();

beforeAll(async () => {
  for (const server of SERVERS) {
    const endpoint = anEndpoint({ backend: 'rest', server });
    const folder = supervisor.ownFolder('bench-test');
    artifacts.set(server, await restBackend.bundle(endpoint, folder));
  }
});

afterAll(() => supervisor.close());

const PROFILE = restApiEvent({ query: '{ getUserInfo(handle: "a") { name } }' });

/** The answers to `count` requests over a service that behaves so. */
async function ask(
  behave: (request: IncomingMessage, response: ServerResponse, first: boolean) => void,
  count = 1,
  server = SERVERS[0] ?? '',
) {
  const stub = await startStub(behave);
  const artifact = artifacts.get(server);
  if (artifact === undefined) throw new Error(`no artifact of ${server}`);
  const handler = await startHandler(supervisor, artifact, {
    REST_URL: stub.url,
    REST_TOKEN: 'secret-token',
    REST_TIMEOUT_MS: '200',
  });
  const bodies: string[] = [];
  for (let i = 0; i < count; i += 1) bodies.push((await handler.invoke(PROFILE)).answer.body);
  await handler.stop();
  stub.close();
  return {
    requests: stub.requests,
    bodies: bodies.map((body) => JSON.parse(body) as { data: unknown; errors?: object[] }),
  };
}

const USER = { handle: 'a', name: 'A', description: '', followers_count: 1, following: [] };
const NAMED = { data: { getUserInfo: { name: 'A' } } };

test.each(SERVERS)('a service that hangs is a BACKEND_TIMEOUT, behind %s', async (server) => {
  const { bodies, requests } = await ask(() => {}, 1, server);
  expect(bodies[0]?.errors).toMatchObject([
    {
      message: 'the REST service did not answer within 200 ms',
      extensions: { code: 'BACKEND_TIMEOUT' },
    },
  ]);
  expect(requests).toEqual(['/users/a']);
});

test('one that begins to answer and then hangs is too', async () => {
  const { bodies } = await ask((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"handle":');
  });
  expect(bodies[0]?.errors).toMatchObject([{ extensions: { code: 'BACKEND_TIMEOUT' } }]);
});

test.each(SERVERS)('its 4xx and 5xx come with its own words, behind %s', async (server) => {
  const overloaded = await ask(
    (_, response) => sendJson(response, 503, { error: { code: 'x', message: 'come back later' } }),
    2,
    server,
  );
  for (const { errors } of overloaded.bodies) {
    expect(errors).toMatchObject([
      {
        message: 'the REST service answered 503: come back later',
        extensions: { code: 'BACKEND_ERROR', status: 503 },
      },
    ]);
  }
  expect(overloaded.requests).toHaveLength(2);
  const limited = await ask((_, response) => sendJson(response, 429, {}), 1, server);
  expect(limited.bodies[0]?.errors).toMatchObject([
    {
      message: 'the REST service answered 429',
      extensions: { code: 'BACKEND_ERROR', status: 429 },
    },
  ]);
});

test('what is no JSON is named, whatever its status', async () => {
  const page = await ask((_, response) => response.writeHead(502).end('<h1>Bad Gateway</h1>'));
  expect(page.bodies[0]?.errors).toMatchObject([
    { message: 'the REST service answered 502', extensions: { status: 502 } },
  ]);
  const text = await ask((_, response) => response.end('hello'));
  expect(text.bodies[0]?.errors).toMatchObject([
    {
      message: 'the REST service answered something else than JSON',
      extensions: { code: 'BACKEND_ERROR', status: 200 },
    },
  ]);
});

test('a kept connection found closed is tried again over a new one, unseen by the caller', async () => {
  const { bodies, requests } = await ask((request, response, first) => {
    if (first) sendJson(response, 200, USER);
    else request.socket.resetAndDestroy();
  }, 2);
  expect(bodies).toEqual([NAMED, NAMED]);
  expect(requests).toHaveLength(3);
});

test('once, and never a new connection', async () => {
  let served = 0;
  const { bodies, requests } = await ask((request, response) => {
    served += 1;
    if (served === 1) sendJson(response, 200, USER);
    else request.socket.resetAndDestroy();
  }, 3);
  expect(bodies[0]).toEqual(NAMED);
  for (const { errors } of bodies.slice(1)) {
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^the REST service gave no answer: .*ECONNRESET/),
        extensions: { code: 'BACKEND_ERROR' },
      },
    ]);
  }
  // The second request on the kept connection and once more, the third on a new one only.
  expect(requests).toHaveLength(4);
});
