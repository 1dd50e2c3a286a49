import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { answer, type Behaviour } from '../../emulator/testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../../emulator/testing/with-emulator.ts';
import type { Engine } from '../../model/ports.ts';
import type { AwsCredentials, LoadPlan } from '../../model/scenario.ts';
import { createK6Engine } from './k6-engine.ts';
import {
  BUILD_TIMEOUT_MS,
  k6ForTests,
  operation,
  planOf,
  rawFolderIn,
} from './testing/engine-bench.ts';
import { STUB_DATA } from './testing/graphql-stub.ts';
import { type CsvRow, readK6Csv } from './testing/k6-csv.ts';

const supervisor = createSupervisor();
let engine: Engine;
let tested: TestEmulator;
let rawFolder: string;

beforeAll(async () => {
  engine = createK6Engine(await k6ForTests(supervisor));
}, BUILD_TIMEOUT_MS);
afterAll(() => supervisor.close());
beforeEach(async () => {
  tested = await startTestEmulator();
  rawFolder = rawFolderIn(supervisor);
});
afterEach(() => tested.close());

const graphql = JSON.stringify({ data: STUB_DATA });
/** What the function or Lambda does, by the variable `id`. */
const BEHAVIOURS: Record<string, Awaited<ReturnType<Behaviour>>> = {
  proxy: answer({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: graphql,
  }),
  base64: answer({
    statusCode: 200,
    body: Buffer.from(graphql).toString('base64'),
    isBase64Encoded: true,
  }),
  bare: answer({ data: STUB_DATA }),
  badRequest: answer({ statusCode: 400, body: '{"errors":[{"message":"no such field"}]}' }),
  graphqlError: answer({ statusCode: 200, body: '{"errors":[{"message":"boom"}]}' }),
  throws: { errorType: 'TypeError' },
  throttled: 'refused',
  full: 'host_capacity',
};

interface Event {
  version: string;
  headers: Record<string, string>;
  body: string;
}

function eventOf(payload: Uint8Array): Event {
  return JSON.parse(Buffer.from(payload).toString()) as Event;
}

async function run(
  ids: string[],
  options: Partial<LoadPlan> = {},
  keys: Partial<AwsCredentials> = {},
): Promise<CsvRow[]> {
  const { region } = tested.emulator;
  const own = { ...tested.emulator.credentials, sessionToken: null, expiresAtMs: null };
  tested.host.behave = async ({ payload }) => {
    const { variables } = JSON.parse(eventOf(payload).body) as { variables: { id: string } };
    return BEHAVIOURS[variables.id] as Awaited<ReturnType<Behaviour>>;
  };
  const profile = { kind: 'ramp', ratePerS: 40, warmUpS: 0, rampS: 0, holdS: 1 } as const;
  const plan = planOf(tested.emulator.invokeUrl('f'), profile, [operation('A', ids)], {
    asEvent: true,
    signing: { service: 'lambda', region },
    ...options,
  });
  const signal = new AbortController().signal;
  const credentials = { ...own, ...keys };
  await engine.run({ plan, credentials, rawFolder, supervisor, signal, progress: () => {} });
  return readK6Csv(rawFolder).rows.filter((row) => row.metric === 'graphql_request');
}

test('an answer of Invoke is judged as a front would have passed it on', async () => {
  const ids = Object.keys(BEHAVIOURS);
  const rows = await run(ids);
  const seen = new Set(
    rows.map(({ tags, metadata }) =>
      [tags.outcome, metadata.http_status, metadata.error ?? ''].join(' '),
    ),
  );
  expect([...seen].sort()).toEqual([
    'graphql_error 200 boom',
    'http_error 200 function error: no',
    'http_error 400 status 400: no such field',
    'http_error 429 status 429: Rate Exceeded.',
    'http_error 503 status 503: no memory left',
    'ok 200 ',
  ]);
});

test('requests are signed events of format 2.0, joined by the trace id and the request id', async () => {
  const rows = await run(['proxy', 'base64', 'bare']);
  expect(rows.map(({ tags }) => tags.outcome)).toEqual(rows.map(() => 'ok'));
  const { requests } = tested.host;
  expect(requests.length).toBe(rows.length);
  const first = eventOf(requests[0]?.payload ?? new Uint8Array());
  expect(first).toMatchObject({
    version: '2.0',
    rawPath: '/graphql',
    headers: { 'content-type': 'application/json', 'x-api-key': 'secret-value' },
    requestContext: { http: { method: 'POST' } },
  });
  expect(JSON.parse(first.body)).toMatchObject({ operationName: 'A' });
  const ids = (values: (string | undefined)[]) => values.toSorted();
  expect(ids(rows.map(({ metadata }) => metadata.request_id))).toEqual(
    ids(requests.map(({ requestId }) => requestId)),
  );
  expect(ids(rows.map(({ metadata }) => metadata.trace_id))).toEqual(
    ids(requests.map(({ trace }) => trace.root)),
  );
  // It is the id that was sent: nothing is written twice.
  expect(rows.every(({ metadata }) => metadata.returned_trace_id === undefined)).toBe(true);
  expect(requests.every(({ trace }) => trace.sampled)).toBe(true);
});

test('keys are in the environment of k6 alone, in no file and on no command line', async () => {
  const spawned = vi.spyOn(supervisor, 'spawn');
  const keys = {
    accessKeyId: 'AKIDNOTOURS',
    secretAccessKey: 'not-our-secret',
    sessionToken: 'a-session-token',
  };
  const rows = await run(['proxy'], {}, keys);
  expect(rows[0]?.tags.outcome).toBe('http_error');
  expect(rows[0]?.metadata.error).toBe(
    'status 403: The security token included in the request is invalid.',
  );
  expect(tested.host.requests).toEqual([]);
  const [, args, options] = spawned.mock.calls.at(-1) ?? [];
  const { env = {} } = options ?? {};
  expect(env).toMatchObject({
    BENCH_ACCESS_KEY_ID: keys.accessKeyId,
    BENCH_SECRET_ACCESS_KEY: keys.secretAccessKey,
    BENCH_SESSION_TOKEN: keys.sessionToken,
  });
  const others = Object.entries(env).filter(([name]) => !/^BENCH_.*(KEY|TOKEN)/.test(name));
  const files = readdirSync(rawFolder).map((name) => readFileSync(join(rawFolder, name), 'utf8'));
  for (const text of [JSON.stringify([args, others]), ...files]) {
    for (const secret of [...Object.values(keys), 'AWS4-HMAC', 'secret-value']) {
      expect(text).not.toContain(secret);
    }
  }
  spawned.mockRestore();
});

test('without keys nothing is sent', async () => {
  const asked = run(['proxy'], {}, { accessKeyId: '' });
  await expect(asked).rejects.toThrow('requests are to be signed, and the environment has no keys');
  expect(tested.host.requests).toEqual([]);
});

test('of the share that is traced the samples say nothing, of the others that they are not', async () => {
  const rows = await run(['proxy', 'bare'], { traceShare: 0.5 });
  const { requests } = tested.host;
  const idsOf = (sampled: boolean) =>
    requests.filter(({ trace }) => trace.sampled === sampled).map(({ trace }) => trace.root);
  const said = (value?: string) =>
    rows.filter(({ metadata }) => metadata.sampled === value).map((row) => row.metadata.trace_id);
  expect(said().sort()).toEqual(idsOf(true).sort());
  expect(said('0').sort()).toEqual(idsOf(false).sort());
  expect(said().length + said('0').length).toBe(rows.length);
  expect(said().length).toBeGreaterThan(5);
  expect(said('0').length).toBeGreaterThan(5);
  // On that one sample of a request alone, and every request has the id it is joined by.
  const all = readK6Csv(rawFolder).rows;
  expect(all.filter(({ metadata }) => metadata.sampled !== undefined).length).toBe(
    said('0').length,
  );
});
