import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ToolError } from '../../base/errors.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import type { Engine, EngineProgress } from '../../model/ports.ts';
import { RAW_FILES } from '../../model/raw.ts';
import type { LoadPlan } from '../../model/scenario.ts';
import { createK6Engine } from './k6-engine.ts';
import {
  BUILD_TIMEOUT_MS,
  k6ForTests,
  operation,
  planOf,
  rawFolderIn,
} from './testing/engine-bench.ts';
import { type GraphqlStub, startGraphqlStub } from './testing/graphql-stub.ts';
import { readK6Csv } from './testing/k6-csv.ts';

const supervisor = createSupervisor();
let engine: Engine;
let stub: GraphqlStub;
let rawFolder: string;
let renewer: Server;
let renewUrl: string;
/** How many requests the stub had seen at each renewal. */
let renewedAt: number[];
/** What a renewal is answered with; null: it succeeds. */
let refusal: string | null;

beforeAll(async () => {
  engine = createK6Engine(await k6ForTests(supervisor));
}, BUILD_TIMEOUT_MS);
afterAll(() => supervisor.close());
beforeEach(async () => {
  stub = await startGraphqlStub();
  rawFolder = rawFolderIn(supervisor);
  renewedAt = [];
  refusal = null;
  renewer = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') renewedAt.push(stub.requests.length);
    if (refusal === null) response.writeHead(204).end();
    else response.writeHead(500).end(refusal);
  });
  await new Promise<void>((resolve) => renewer.listen(0, '127.0.0.1', resolve));
  renewUrl = `http://127.0.0.1:${(renewer.address() as AddressInfo).port}/token`;
});
afterEach(async () => {
  renewer.closeAllConnections();
  renewer.close();
  await stub.close();
});

const progress: EngineProgress[] = [];
function run(plan: LoadPlan) {
  progress.length = 0;
  return engine.run({
    plan,
    credentials: null,
    rawFolder,
    supervisor,
    signal: new AbortController().signal,
    progress: (one) => progress.push(one),
  });
}

function requestRows() {
  return readK6Csv(rawFolder).rows.filter((row) => row.metric === 'graphql_request');
}

const COLD = { kind: 'cold', coldStarts: 3, warmRequests: 5 } as const;

it('renews before each cold start, and sends warm requests after it', {
  timeout: 30_000,
}, async () => {
  const plan = planOf(stub.url, COLD, [operation('A', ['1', '2'])], { renewUrl });
  const { facts, warnings } = await run(plan);
  expect(facts).toMatchObject({ iterations: 3, scheduledIterations: 3, droppedIterations: 0 });
  expect(warnings).toEqual([]);
  expect(renewedAt).toEqual([0, 6, 12]);

  const rows = requestRows();
  const byKey = rows.toSorted((a, b) => Number(a.metadata.join_key) - Number(b.metadata.join_key));
  expect(byKey.map((row) => Number(row.metadata.join_key))).toEqual(rows.map((_, i) => i));
  const phases = ['hold', 'warm', 'warm', 'warm', 'warm', 'warm'];
  expect(byKey.map((row) => row.tags.phase)).toEqual([...phases, ...phases, ...phases]);
  // A renewal is no GraphQL request: 18 requests, and none of its samples has a trace id.
  const ids = new Set(rows.map((row) => row.metadata.trace_id));
  expect(ids.size).toBe(18);
  const durations = readK6Csv(rawFolder).rows.filter((row) => row.metric === 'http_req_duration');
  expect(durations.length).toBe(21);
  const carrying = durations.filter((row) => row.metadata.trace_id !== undefined);
  expect(carrying.map((row) => row.metadata.trace_id).sort()).toEqual([...ids].sort());
  expect(durations.filter((row) => row.metadata.join_key !== undefined).length).toBe(18);
  // Its address is nobody else's.
  expect(readFileSync(join(rawFolder, RAW_FILES.loadPlan), 'utf8')).not.toContain('/token');
  // All come over one connection: setting it up is no part of a cold start's penalty.
  expect(new Set(stub.requests.map((request) => request.connection)).size).toBe(1);
});

it('ends with what was said where a function is not renewed', { timeout: 30_000 }, async () => {
  refusal = 'f could not be renewed: "Rate exceeded" (429)\nat 10 requests/s';
  const plan = planOf(stub.url, COLD, [operation('A', ['1'])], { renewUrl });
  const error = await run(plan).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ToolError);
  expect((error as ToolError).message).toBe(
    'k6 did not drive the load to its end: the script aborted the test (exit 108): the function was not renewed: f could not be renewed: "Rate exceeded" (429) at 10 requests/s',
  );
  expect(stub.requests).toEqual([]);
});

it('says that nobody renews', { timeout: 30_000 }, async () => {
  const plan = planOf(stub.url, COLD, [operation('A', ['1'])], {
    renewUrl: 'http://127.0.0.1:9/token',
  });
  await expect(run(plan)).rejects.toThrow(/the function was not renewed: .*refused/);
});

it('a burst is there at once, every request over a connection of its own', {
  timeout: 30_000,
}, async () => {
  const profile = { kind: 'burst', ratePerS: 40, rateFromHost: false, holdS: 1.5 } as const;
  const { facts, warnings } = await run(planOf(stub.url, profile, [operation('A', ['1'])]));
  expect(facts).toMatchObject({ iterations: 60, scheduledIterations: 60, droppedIterations: 0 });
  expect(warnings.filter(({ code }) => code !== 'generator-busy')).toEqual([]);
  // One for each arrival within the longest an answer may take, and none that was made on the way.
  expect(facts.vusMax).toBe(50);
  const rows = requestRows();
  expect(new Set(rows.map((row) => row.tags.phase))).toEqual(new Set(['hold']));
  expect(new Set(stub.requests.map((request) => request.connection)).size).toBe(60);
  const startsMs = stub.requests.map(({ atMs }) => atMs).sort((a, b) => a - b);
  const spanMs = (startsMs.at(-1) ?? 0) - (startsMs[0] ?? 0);
  // At their own times, not all at once; the first can be late on a busy machine.
  expect(spanMs).toBeGreaterThan(700);
});

it('a burst into silence loses no arrival', { timeout: 30_000 }, async () => {
  const profile = { kind: 'burst', ratePerS: 20, rateFromHost: false, holdS: 1 } as const;
  const plan = planOf(stub.url, profile, [operation('A', ['silent'])], { requestTimeoutS: 2 });
  const { facts } = await run(plan);
  expect(facts).toMatchObject({ iterations: 20, droppedIterations: 0 });
});
