/**
 * The load of one trial, run by stock k6:
 *   BENCH_LOAD_PLAN=/absolute/plan.json k6 run scenarios/graphql.ts
 * Each iteration sends one GraphQL request and writes one sample `graphql_request` about it; an
 * iteration of `cold` has the function renewed first and sends 1 + warmRequests of them.
 */
import { sleep } from 'k6';
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { type Answer, judge } from './lib/check.ts';
import { draw, indexWithin, isSampled, partAt } from './lib/draw.ts';
import { unwrap } from './lib/invoke.ts';
import { plan, rowAt } from './lib/plan.ts';
import { optionsFor, type Phase, phaseAt } from './lib/profiles.ts';
import { renew } from './lib/renew.ts';
import { recordRequest } from './lib/sample.ts';
import { type Keys, requestSigner } from './lib/sigv4.ts';
import { randomPrefix, traceHeader, traceIds } from './lib/trace.ts';

const { bodyEnd, operations, profile, seed, traceShare, url } = plan;
const DIGEST_LENGTH = 64;
const thinkTimeS = profile.kind === 'closed' ? profile.thinkTimeS : 0;

export const options = optionsFor(profile, plan.maxVus, plan.requestTimeoutS);

// The outcome is the script's own to judge; without this k6 writes one more row per request.
// (k6 takes null, its types do not know.)
http.setResponseCallback(null as unknown as Parameters<typeof http.setResponseCallback>[0]);

const traceId = traceIds(randomPrefix(Math.random));
const headers: Record<string, string> = {
  // Behind Invoke they are the event's.
  ...(plan.asEvent ? {} : plan.headers),
  'Content-Type': 'application/json',
};
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

const sign =
  plan.signing === null
    ? null
    : requestSigner(plan.signing, keys(), url, {
        sha256,
        hmac: (key, text) => crypto.hmac('sha256', key, text, 'binary'),
        hmacHex: (key, text) => crypto.hmac('sha256', key, text, 'hex'),
      });

function keys(): Keys {
  const { BENCH_ACCESS_KEY_ID, BENCH_SECRET_ACCESS_KEY, BENCH_SESSION_TOKEN } = __ENV;
  if (!BENCH_ACCESS_KEY_ID || !BENCH_SECRET_ACCESS_KEY) {
    throw new Error('requests are to be signed, and the environment has no keys');
  }
  return {
    accessKeyId: BENCH_ACCESS_KEY_ID,
    secretAccessKey: BENCH_SECRET_ACCESS_KEY,
    sessionToken: BENCH_SESSION_TOKEN || null,
  };
}

function fromBase64(text: string): string {
  return encoding.b64decode(text, 'std', 's');
}

function answerOf(response: RefinedResponse<'text'>): Answer {
  const answer = { status: response.status, body: response.body ?? '', error: response.error };
  if (!plan.asEvent) return answer;
  const functionError = response.headers['X-Amz-Function-Error'];
  return unwrap({ ...answer, functionError }, fromBase64);
}

export default function (): void {
  if (scenario === undefined) {
    scenario = exec.scenario;
    metadata = exec.vu.metrics.metadata as Record<string, string | number>;
    startTimeMs = scenario.startTime;
  }
  const iteration = scenario.iterationInTest;
  if (profile.kind === 'cold') {
    const first = iteration * (1 + profile.warmRequests);
    renew(plan.renewUrl, metadata);
    send(first, 'hold', Date.now());
    for (let i = 1; i <= profile.warmRequests; i += 1) send(first + i, 'warm', Date.now());
    return;
  }
  const nowMs = Date.now();
  send(iteration, phaseAt(profile, nowMs - startTimeMs), nowMs);
  if (thinkTimeS > 0) sleep(thinkTimeS);
}

/** One request. `key` counts the requests of a trial from 0 without gaps. */
function send(key: number, phase: Phase, nowMs: number): void {
  const drawn = draw(seed, key);
  const operation = partAt(operations, drawn);
  const row = rowAt(operation.firstRow + indexWithin(operation, drawn, operation.rowCount));
  // A row begins with its digest or, without one, with the `{` of its variables.
  const checked = row.charCodeAt(0) !== 0x7b;
  const digest = checked ? row.slice(0, DIGEST_LENGTH) : '';
  const variables = checked ? row.slice(DIGEST_LENGTH) : row;

  const id = traceId(nowMs, key);
  metadata.trace_id = id;
  metadata.join_key = key;
  const sampled = traceShare >= 1 || isSampled(seed, key, traceShare);
  headers['X-Amzn-Trace-Id'] = traceHeader(id, sampled);
  const body = operation.bodyStart + variables + bodyEnd;
  sign?.(headers, nowMs, body);
  const response = http.post(url, body, params);

  const answer = answerOf(response);
  const verdict = judge(answer, digest, sha256);
  const request = { operation: operation.name, phase, traceId: id, key, sampled };
  recordRequest(response, request, verdict, answer.status, metadata);
}
