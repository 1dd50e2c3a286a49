import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

beforeAll(async () => {
  engine = createK6Engine(await k6ForTests(supervisor));
}, BUILD_TIMEOUT_MS);
afterAll(() => supervisor.close());
beforeEach(async () => {
  stub = await startGraphqlStub();
  rawFolder = rawFolderIn(supervisor);
});
afterEach(() => stub.close());

const seenProgress: EngineProgress[] = [];
function run(plan: LoadPlan, signal: AbortSignal = new AbortController().signal) {
  seenProgress.length = 0;
  return engine.run({
    plan,
    credentials: null,
    rawFolder,
    supervisor,
    signal,
    progress: (progress) => seenProgress.push(progress),
  });
}

function requestRows() {
  return readK6Csv(rawFolder).rows.filter((row) => row.metric === 'graphql_request');
}

describe('a ramp', { timeout: 30_000 }, () => {
  it('has its schedule, phases, joins and facts', async () => {
    const profile = { kind: 'ramp', ratePerS: 20, warmUpS: 1, rampS: 1, holdS: 1 } as const;
    const operations = [
      operation('A', ['1', '2', '3'], { weight: 3 }),
      operation('B', ['4'], { query: '{ user(id: 1) { id } }' }),
    ];
    const { facts, warnings } = await run(planOf(stub.url, profile, operations));

    // 5/s for 1 s, then 12.5/s on average for 1 s, then 20/s for 1 s.
    expect(facts.scheduledIterations).toBe(37.5);
    expect(Math.abs(facts.iterations - 37.5)).toBeLessThanOrEqual(1);
    expect(facts).toMatchObject({ name: 'k6', exitCode: 0, droppedIterations: 0 });
    expect(facts.vusMax).toBeGreaterThan(0);
    expect(facts.cpuUs).toBeGreaterThan(0);
    expect(facts.endedUs - facts.startedUs).toBeGreaterThan(3e6);
    expect(warnings.filter((warning) => warning.severity === 'void')).toEqual([]);

    const rows = requestRows();
    expect(rows.map((row) => row.tags.outcome)).toEqual(rows.map(() => 'ok'));
    expect(rows.length).toBe(facts.iterations);
    const keys = rows.map((row) => Number(row.metadata.join_key)).sort((a, b) => a - b);
    expect(keys).toEqual(rows.map((_, index) => index));
    const traces = rows.map((row) => row.metadata.trace_id ?? '');
    expect(new Set(traces).size).toBe(rows.length);
    for (const trace of traces) expect(trace).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(new Set(stub.requests.map((request) => request.traceHeader))).toEqual(
      new Set(traces.map((trace) => `Root=${trace};Sampled=1`)),
    );
    const phases = rows.map((row) => row.tags.phase);
    // The fifth arrival falls on the very end of the warm-up.
    expect([4, 5]).toContain(phases.filter((phase) => phase === 'warm_up').length);
    expect(phases.filter((phase) => phase === 'hold').length).toBeGreaterThanOrEqual(19);
    expect(new Set(phases)).toEqual(new Set(['warm_up', 'ramp', 'hold']));
    expect(rows[0]?.metadata).toMatchObject({
      request_id: 'r-1',
      gateway_request_id: 'g=1&2',
      returned_trace_id: '1-00000000-returned',
      http_status: '200',
      response_bytes: String(
        Buffer.byteLength(
          JSON.stringify({ data: { user: { id: '1', name: 'Zoë, "the" first & only' } } }),
        ),
      ),
    });

    const named = (name: string | undefined) =>
      stub.requests.filter((request) => request.operationName === name);
    expect(named('A').length).toBeGreaterThan(named(undefined).length);
    expect(named(undefined).length).toBeGreaterThan(0);
    expect(stub.requests[0]?.headers['x-api-key']).toBe('secret-value');
    expect(stub.requests[0]?.headers['content-type']).toBe('application/json');

    expect(seenProgress.length).toBeGreaterThanOrEqual(2);
    const last = seenProgress.at(-1);
    expect(last?.requests).toBeGreaterThan(0);
    expect(last?.iterations).toBeGreaterThan(0);
    expect(last?.p95Ms).toBeGreaterThan(0);
    expect(last).toMatchObject({ failures: 0, dropped: 0 });
  });

  it('writes the samples as k6-samples.ts says, and no secret anywhere', async () => {
    const profile = { kind: 'ramp', ratePerS: 10, warmUpS: 0, rampS: 0, holdS: 1 } as const;
    await run(planOf(stub.url, profile, [operation('A', ['1'])]));
    const { header, rows } = readK6Csv(rawFolder);
    expect(header).toBe(
      'metric_name,timestamp,metric_value,error_code,expected_response,scenario,status,extra_tags,metadata',
    );
    const first = rows.filter((row) => row.metadata.join_key === '0');
    const others = first.filter((row) => row.metric !== 'graphql_request');
    for (const row of others)
      expect(Object.keys(row.metadata).sort()).toEqual(['join_key', 'trace_id']);
    const part = (metric: string) =>
      first.find((row) => row.metric === metric)?.value ?? Number.NaN;
    expect(part('graphql_request')).toBeCloseTo(
      part('http_req_blocked') + part('http_req_duration'),
      5,
    );
    expect(first.every((row) => row.columns.scenario === 'ramp')).toBe(true);
    expect(first.every((row) => row.atUs > 1.7e15)).toBe(true);

    for (const name of readdirSync(rawFolder)) {
      expect(readFileSync(join(rawFolder, name), 'utf8')).not.toContain('secret-value');
    }
    expect(readdirSync(rawFolder).sort()).toEqual(
      [RAW_FILES.k6Samples, RAW_FILES.k6Summary, RAW_FILES.k6Log, RAW_FILES.loadPlan].sort(),
    );
    expect(statSync(join(rawFolder, RAW_FILES.k6Samples)).size).toBeGreaterThan(0);
  });

  it('draws the same requests with the same seed', async () => {
    const profile = { kind: 'ramp', ratePerS: 20, warmUpS: 0, rampS: 0, holdS: 1 } as const;
    const ids = Array.from({ length: 50 }, (_, index) => `id${index}`);
    const drawn = async (seed: number) => {
      stub.requests.length = 0;
      rawFolder = rawFolderIn(supervisor);
      await run(planOf(stub.url, profile, [operation('A', ids), operation('B', ids)], { seed }));
      return stub.requests.map((request) => `${request.operationName}:${request.id}`).sort();
    };
    const [one, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
    expect(one.length).toBe(20);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('says when virtual users ran out', async () => {
    const profile = { kind: 'ramp', ratePerS: 20, warmUpS: 0, rampS: 0, holdS: 1 } as const;
    const plan = planOf(stub.url, profile, [operation('A', ['silent'])], {
      maxVus: 2,
      requestTimeoutS: 1,
    });
    const { facts, warnings } = await run(plan);
    expect(facts.iterations + facts.droppedIterations).toBe(20);
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'dropped-iterations', severity: 'doubtful' }),
    );
    expect(requestRows().every((row) => row.tags.outcome === 'network_error')).toBe(true);
    expect(requestRows()[0]?.metadata.error).toBe('request timeout');
  });
});

it('classifies answers', { timeout: 30_000 }, async () => {
  const ids = ['ok', 'graphqlError', 'wrong', 'status', 'notJson', 'reset', 'extensions', 'spaced'];
  const operations = ids.map((id) => operation(id, [id]));
  operations.push(
    operation('unchecked', ['wrong'], { rows: [{ variables: { id: 'wrong' }, digest: null }] }),
    operation('uncheckedError', ['x'], {
      rows: [{ variables: { id: 'graphqlError' }, digest: null }],
    }),
  );
  const profile = { kind: 'ramp', ratePerS: 100, warmUpS: 0, rampS: 0, holdS: 1 } as const;
  const { facts } = await run(planOf(stub.url, profile, operations));
  expect(facts.iterations).toBe(100);
  const judged = Object.fromEntries(
    requestRows().map(({ tags, metadata }) => [
      tags.operation,
      `${tags.outcome} ${metadata.http_status ?? '-'} ${metadata.error ?? '-'}`,
    ]),
  );
  expect(judged).toEqual({
    ok: 'ok 200 -',
    extensions: 'ok 200 -',
    spaced: 'ok 200 -',
    unchecked: 'ok 200 -',
    graphqlError: 'graphql_error 200 no such user: a=1&b=2, "x"',
    uncheckedError: 'graphql_error 200 no such user: a=1&b=2, "x"',
    wrong: 'wrong_answer 200 user is null',
    status: 'http_error 502 status 502: Internal server error',
    notJson: 'http_error 200 status 200, the answer is not JSON',
    reset: expect.stringMatching(/^network_error - .+/),
  });
});

it('sends users one by one over connections of their own', { timeout: 30_000 }, async () => {
  const profile = { kind: 'users', users: 37, overS: 1 } as const;
  const { facts, warnings } = await run(planOf(stub.url, profile, [operation('A', ['1'])]));
  expect(facts).toMatchObject({ iterations: 37, scheduledIterations: 37, droppedIterations: 0 });
  expect(warnings.filter((warning) => warning.severity === 'void')).toEqual([]);
  expect(new Set(stub.requests.map((request) => request.connection)).size).toBe(37);
  expect(new Set(requestRows().map((row) => row.tags.phase))).toEqual(new Set(['hold']));
});

it('drives a closed model with think time', { timeout: 30_000 }, async () => {
  const profile = {
    kind: 'closed',
    vus: 4,
    thinkTimeS: 0.1,
    warmUpS: 1,
    rampS: 0,
    holdS: 1,
  } as const;
  const { facts } = await run(planOf(stub.url, profile, [operation('A', ['1'])]));
  expect(facts).toMatchObject({ scheduledIterations: null, vusMax: 4 });
  expect(new Set(stub.requests.map((request) => request.connection)).size).toBe(4);
  const phases = requestRows().map((row) => row.tags.phase);
  const warmUp = phases.filter((phase) => phase === 'warm_up').length;
  // One virtual user that thinks for 100 ms, then four.
  expect(warmUp).toBeLessThanOrEqual(11);
  expect(phases.length - warmUp).toBeLessThanOrEqual(44);
  expect(phases.length - warmUp).toBeGreaterThan(warmUp);
});
