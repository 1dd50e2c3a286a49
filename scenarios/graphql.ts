/**
 * The load of one trial, run by stock k6:
 *   BENCH_LOAD_PLAN=/absolute/plan.json k6 run scenarios/graphql.ts
 * Each iteration sends one GraphQL request and writes one sample `graphql_request` about it.
 */
import { sleep } from 'k6';
import crypto from 'k6/crypto';
import exec from 'k6/execution';
import http from 'k6/http';
import { judge } from './lib/check.ts';
import { draw, indexWithin, partAt } from './lib/draw.ts';
import { plan, rowAt } from './lib/plan.ts';
import { optionsFor, phaseAt } from './lib/profiles.ts';
import { recordRequest } from './lib/sample.ts';
import { randomPrefix, traceHeader, traceIds } from './lib/trace.ts';

const { operations, profile, seed, url } = plan;
const DIGEST_LENGTH = 64;
const thinkTimeS = profile.kind === 'closed' ? profile.thinkTimeS : 0;

export const options = optionsFor(profile, plan.maxVus, plan.requestTimeoutS);

// The outcome is the script's own to judge; without this k6 writes one more row per request.
// (k6 takes null, its types do not know.)
http.setResponseCallback(null as unknown as Parameters<typeof http.setResponseCallback>[0]);

const traceId = traceIds(randomPrefix(Math.random));
const headers: Record<string, string> = { ...plan.headers, 'Content-Type': 'application/json' };
const params = {
  headers,
  timeout: `${Math.round(plan.requestTimeoutS * 1000)}ms`,
  redirects: 0,
  responseType: 'text' as const,
};

// k6 makes these objects anew at every access, so each virtual user asks once.
let scenario: typeof exec.scenario | undefined;
let metadata: Record<string, string | number> = {};
let startTimeMs = 0;

function sha256(text: string): string {
  return crypto.sha256(text, 'hex');
}

export default function (): void {
  if (scenario === undefined) {
    scenario = exec.scenario;
    metadata = exec.vu.metrics.metadata as Record<string, string | number>;
    startTimeMs = scenario.startTime;
  }
  const nowMs = Date.now();
  const iteration = scenario.iterationInTest;
  const drawn = draw(seed, iteration);
  const operation = partAt(operations, drawn);
  const row = rowAt(operation.firstRow + indexWithin(operation, drawn, operation.rowCount));
  // A row begins with its digest or, without one, with the `{` of its variables.
  const checked = row.charCodeAt(0) !== 0x7b;
  const digest = checked ? row.slice(0, DIGEST_LENGTH) : '';
  const variables = checked ? row.slice(DIGEST_LENGTH) : row;

  const id = traceId(nowMs, iteration);
  metadata.trace_id = id;
  metadata.join_key = iteration;
  headers['X-Amzn-Trace-Id'] = traceHeader(id);
  const response = http.post(url, `${operation.bodyStart}${variables}}`, params);

  const verdict = judge(
    { status: response.status, body: response.body ?? '', error: response.error },
    digest,
    sha256,
  );
  const phase = phaseAt(profile, nowMs - startTimeMs);
  recordRequest(response, { operation: operation.name, phase, traceId: id }, verdict, metadata);
  if (thinkTimeS > 0) sleep(thinkTimeS);
}
