import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lambdaClient } from '../../aws/clients.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import {
  type BackendInstance,
  functionOf,
  type HandlerArtifact,
  type Target,
} from '../../model/ports.ts';
import type { Cell } from '../../model/run.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { createLocalTarget, LOCAL_FRONTS } from './local-target.ts';

/** Tells the front by what is in the event. */
const HANDLER = `
exports.handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ data: { version: event.version ?? '1.0', apiId: event.requestContext?.apiId ?? null, path: event.rawPath ?? event.path } }),
});
`;

const supervisor = createSupervisor();
let emulator: Emulator;
let target: Target;
let artifact: HandlerArtifact;

beforeAll(async () => {
  emulator = await startEmulator({ supervisor });
  target = createLocalTarget(emulator);
  const folder = join(supervisor.ownFolder('bench-code'), 'code');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.cjs'), HANDLER);
  artifact = {
    folder,
    file: 'index.cjs',
    exportName: 'handler',
    facts: {
      backend: 'none',
      dataLayer: null,
      server: 'apollo',
      batching: false,
      revision: null,
      bytes: HANDLER.length,
      gzipBytes: null,
      load: null,
      init: null,
      sha256: '0',
    },
  };
}, 30_000);
afterAll(async () => {
  await target.close();
  await supervisor.close();
});

const backend: BackendInstance = {
  environment: () => ({ KEPT: 'yes' }),
  cpuUs: () => 0,
  stop: async () => {},
};

function provision(
  front: (typeof LOCAL_FRONTS)[number],
  id: string,
  own: Partial<Cell['endpoint']> = {},
  code: HandlerArtifact = artifact,
) {
  const cell: Cell = {
    id,
    endpoint: anEndpoint({ front, ...own }),
    profile: { kind: 'users', users: 1, overS: 1 },
  };
  return target.provision(cell, code, backend);
}

test.each(LOCAL_FRONTS)('a function answers behind %s', { timeout: 20_000 }, async (front) => {
  const endpoint = await provision(front, `f-${front}`);
  expect(endpoint.front).toBe(front);
  const { aws } = functionOf(endpoint);
  if (front === 'invoke') {
    expect(endpoint).toMatchObject({
      asEvent: true,
      signing: { service: 'lambda', region: aws.region },
    });
    expect(endpoint.url).toBe(`${aws.endpoint}/2015-03-31/functions/f-invoke/invocations`);
    const client = await lambdaClient(aws, 1);
    const { Payload } = await client.send(
      new InvokeCommand({ FunctionName: 'f-invoke', Payload: '{}' }),
    );
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ statusCode: 200 });
    client.destroy();
    await target.endTrial(endpoint);
    return;
  }
  expect(endpoint).toMatchObject({ asEvent: false, signing: null });
  const response = await fetch(endpoint.url, { method: 'POST', body: '{}' });
  const { data } = (await response.json()) as {
    data: Record<'version' | 'apiId' | 'path', string>;
  };
  expect(data.version).toBe(front === 'rest-api' ? '1.0' : '2.0');
  expect(data.path).toBe('/graphql');
  const dimensions = {
    'rest-api': { ApiName: 'f-rest-api-api', Stage: 'bench' },
    'http-api': { ApiId: data.apiId },
    'function-url': null,
  };
  expect(endpoint.frontDimensions).toEqual(dimensions[front]);
  await target.endTrial(endpoint);
});

test('answers of a reference handler are streamed where that is asked for', {
  timeout: 20_000,
}, async () => {
  const folder = join(supervisor.ownFolder('bench-code'), 'code');
  const handlers = join(import.meta.dirname, '../../../deploy/handlers/servers/shared');
  await build({
    stdin: {
      contents: `import { streamed } from './streamed.ts';
        export const handler = streamed(async ({ rawPath }) => ({
          statusCode: 404, headers: { 'x-of': 'handler' }, body: rawPath,
        }));`,
      resolveDir: handlers,
      loader: 'ts',
    },
    outfile: join(folder, 'index.cjs'),
    bundle: true,
    format: 'cjs',
  });
  const own = { front: 'function-url', responseStreaming: true } as const;
  const endpoint = await provision('function-url', 'streamed', own, { ...artifact, folder });
  const response = await fetch(endpoint.url, { method: 'POST', body: '{}' });
  expect(response.status).toBe(404);
  expect(response.headers.get('x-of')).toBe('handler');
  // What is passed on while it is made has no length.
  expect(response.headers.get('content-length')).toBeNull();
  expect(await response.text()).toBe('/graphql');
  await target.endTrial(endpoint);
});

test('inits are measured one by one and count in no trial', { timeout: 20_000 }, async () => {
  const endpoint = await provision('function-url', 'measured');
  await target.beginTrial(endpoint);
  const samples = await target.measureInits(endpoint, 3);
  expect(samples).toHaveLength(3);
  for (const { initMs, loadMs } of samples) {
    expect(loadMs).toBeGreaterThan(0);
    expect(initMs).toBeGreaterThan(loadMs ?? Number.POSITIVE_INFINITY);
  }
  expect(await target.endTrial(endpoint)).toMatchObject({
    environmentsStarted: 0,
    environmentsPeak: 0,
    environmentsLost: 0,
    environmentCpuUs: 0,
  });
});

const ask = (url: string) => fetch(url, { method: 'POST', body: '{}' });

test('the rate of inits leaves no trace in a trial', { timeout: 20_000 }, async () => {
  const endpoint = await provision('function-url', 'rate', { reservedConcurrency: 1 });
  await target.beginTrial(endpoint);
  expect(await target.measureInitRate(endpoint)).toBeGreaterThan(0.1);
  expect(await target.endTrial(endpoint)).toMatchObject({
    environmentsStarted: 0,
    environmentCpuUs: 0,
    throttles: 0,
  });
});

test('a renewed function keeps its variables and finds no environment', {
  timeout: 20_000,
}, async () => {
  const endpoint = await provision('function-url', 'renewed');
  const { signal } = new AbortController();
  await target.beginTrial(endpoint);
  for (let i = 0; i < 2; i += 1) {
    await ask(endpoint.url);
    await ask(endpoint.url);
    await target.renewEnvironments(endpoint, signal);
  }
  await ask(endpoint.url);
  const { aws, functionName } = functionOf(endpoint);
  const client = await lambdaClient(aws, 1);
  const { Environment } = await client.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  client.destroy();
  expect(Environment?.Variables).toEqual({ KEPT: 'yes', BENCH_RENEWED: '2' });
  expect(await target.endTrial(endpoint)).toMatchObject({
    environmentsStarted: 3,
    environmentsPeak: 1,
  });
});

test('provisioned environments are there for the trial alone, and not of it', {
  timeout: 20_000,
}, async () => {
  const endpoint = await provision('function-url', 'provisioned', { provisionedConcurrency: 2 });
  await target.beginTrial(endpoint);
  const answers = await Promise.all([ask(endpoint.url), ask(endpoint.url)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const host = await target.endTrial(endpoint);
  expect(host).toMatchObject({ provisionedReady: 2, environmentsStarted: 0, initCpuUs: 0 });
  expect(host?.environmentCpuUs).toBeGreaterThan(0);
  // The trial is over: the next request starts one.
  emulator.functions.resetFacts();
  await ask(endpoint.url);
  expect((await emulator.functions.facts()).environmentsStarted).toBe(1);
  await target.endTrial(endpoint);
});

test('endpoints that are measured in turn need not share what can be reserved', async () => {
  for (const id of ['half', 'other-half']) {
    const endpoint = await provision('function-url', id, { reservedConcurrency: 900 });
    await target.beginTrial(endpoint);
    await target.endTrial(endpoint);
  }
});

test('beyond its reserved concurrency a function is throttled', { timeout: 20_000 }, async () => {
  const endpoint = await provision('function-url', 'reserved', { reservedConcurrency: 1 });
  await target.beginTrial(endpoint);
  const answers = await Promise.all([ask(endpoint.url), ask(endpoint.url)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 429]);
  expect(await target.endTrial(endpoint)).toMatchObject({ throttles: 1, provisionedReady: 0 });
});

test('what this host cannot run is refused, counted, and voids the trial', {
  timeout: 20_000,
}, async () => {
  const small = await startEmulator({ supervisor, hostSettings: { maxEnvironments: 1 } });
  const onSmall = createLocalTarget(small);
  try {
    const cell: Cell = {
      id: 'small',
      endpoint: anEndpoint({ front: 'function-url' }),
      profile: { kind: 'users', users: 1, overS: 1 },
    };
    const endpoint = await onSmall.provision(cell, artifact, backend);
    await onSmall.beginTrial(endpoint);
    const answers = await Promise.all([ask(endpoint.url), ask(endpoint.url)]);
    const refused = answers.find(({ status }) => status === 503);
    expect(await refused?.text()).toContain('no room for another environment');
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
    const host = await onSmall.endTrial(endpoint);
    // See analysis/validity: one is enough to void the cell.
    expect(host).toMatchObject({ hostRefusals: 1, throttles: 0, environmentsPeak: 1 });
  } finally {
    await onSmall.close();
  }
});
