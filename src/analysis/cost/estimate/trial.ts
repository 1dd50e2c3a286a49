import type { Bounds } from '../../../model/cost-estimate.ts';
import type { Endpoint } from '../../../model/endpoint.ts';
import type { Cell, Plan } from '../../../model/run.ts';
import { exactly, NOTHING, plus, times } from './bounds.ts';
import { INIT_MS, warmS } from './durations.ts';
import { environmentsOf, loadSOf, requestsOf } from './load.ts';

/** What is known of what stands behind an endpoint. */
export interface KnownOf {
  /** Its Lambda function: it is paid for, traced and logged. */
  lambda: boolean;
}

/** What is paid for, of one trial or of what comes before all of them. */
export interface Quantities {
  requests: Bounds;
  gbS: Bounds;
  initGbS: Bounds;
  provisionedGbS: Bounds;
  traces: Bounds;
  tracesRead: Bounds;
  logBytes: Bounds;
  metrics: Bounds;
  readUnits: Bounds;
  transferBytes: Bounds;
}

/**
 * Bytes of log an invocation leaves in JSON with tracing on, and an initialisation, 26 that CloudWatch
 * adds to each event included. Low: platform.start and platform.report, 452 and 434 bytes in the form
 * that AWS documents. High: platform.runtimeDone (650) and a line of the handler's own with them.
 */
export const LOG_BYTES: Bounds = { low: 880, high: 2000 };
const INIT_LOG_BYTES: Bounds = { low: 0, high: 1500 };

/** A trace is read until two readings agree; a segment document is about a kilobyte, three make one. */
export const READS_A_TRACE: Bounds = { low: 1, high: 3 };
export const TRACE_BYTES = 3000;
export const ANSWER_HEADERS_BYTES = 1000;
/** Body and headers of an answer; the largest of ours, ten users, is below 6 KB. */
const ANSWER_BYTES = 6000 + ANSWER_HEADERS_BYTES;

/** CloudWatch is asked 6 metrics of a function and 7 of an API, again until they stand still. */
const METRICS: Bounds = { low: 6, high: 13 * 20 };

/** Reads of one request to DynamoDB: half a unit up to 4 KB, a whole one where a page is larger. */
const READS: Readonly<Record<string, number>> = {
  UserProfile: 1,
  UserWithTweets: 2,
  UserTopTweet: 2,
  UserNextPage: 2,
  TenUsers: 10,
};
const UNITS_A_READ: Bounds = { low: 0.5, high: 1 };

/** Initialisations that are measured of a cell on AWS, in all: src/targets/aws/aws-target.ts. */
const MOST_PROBES = 3;
/** Provisioned concurrency is paid in steps of five minutes: aws.amazon.com/lambda/pricing. */
const PROVISIONED_STEP_S = 300;
/** Until it is ready, and until it is gone. */
export const PROVISIONED_WAIT_S = 180;

export function trialQuantities(cell: Cell, plan: Plan, known: KnownOf): Quantities {
  const { endpoint, profile } = cell;
  const requests = requestsOf(profile);
  const warm = warmS(endpoint);
  const busyS = warm.high + INIT_MS.high / 1000;
  const most = environmentsOf(profile, busyS);
  const limit = Math.min(requests.high, endpoint.reservedConcurrency ?? Number.POSITIVE_INFINITY);
  // Forced cold starts come one after the other: no limit keeps them away.
  const capped = profile.kind === 'cold' ? most : { ...most, high: Math.min(most.high, limit) };
  const found = quantities(endpoint, requests, capped, plan, known);
  const { low, high } = loadSOf(profile);
  const provisionedGbS = {
    low: provisionedGbSOf(endpoint, low),
    high: provisionedGbSOf(endpoint, high + PROVISIONED_WAIT_S),
  };
  return { ...found, provisionedGbS };
}

/** What is paid for environments that stand for so long, whether or not they are used. */
export function provisionedGbSOf(
  { provisionedConcurrency, memoryMb }: Endpoint,
  standsS: number,
): number {
  const steps = Math.ceil(standsS / PROVISIONED_STEP_S) * PROVISIONED_STEP_S;
  return ((provisionedConcurrency * (memoryMb ?? 0)) / 1024) * steps;
}

/** Of a cell, once: every operation is asked, up to twice, and its initialisation is measured. */
export function askingQuantities(cell: Cell, plan: Plan, known: KnownOf): Quantities {
  const operations = plan.operations.length;
  const requests = { low: operations, high: operations * 2 };
  return quantities(cell.endpoint, requests, { low: 1, high: 1 + MOST_PROBES }, plan, known);
}

function quantities(
  endpoint: Endpoint,
  requests: Bounds,
  inits: Bounds,
  plan: Plan,
  { lambda }: KnownOf,
): Quantities {
  const gb = endpoint.memoryMb === null ? null : endpoint.memoryMb / 1024;
  const computed = lambda && gb !== null;
  const traces = times(requests, plan.traceShare);
  const tracesRead = times(traces, READS_A_TRACE);
  const logBytes = plus(times(requests, LOG_BYTES), times(inits, INIT_LOG_BYTES));
  const perRead = { low: 0, high: ANSWER_BYTES };
  return {
    requests,
    gbS: computed ? times(times(requests, warmS(endpoint)), gb) : NOTHING,
    initGbS: computed
      ? times(times(inits, { low: INIT_MS.low / 1000, high: INIT_MS.high / 1000 }), gb)
      : NOTHING,
    provisionedGbS: NOTHING,
    traces: lambda ? traces : { low: 0, high: traces.high },
    tracesRead: lambda ? tracesRead : { low: 0, high: tracesRead.high },
    logBytes: lambda ? logBytes : NOTHING,
    metrics: lambda ? METRICS : NOTHING,
    readUnits: endpoint.backend === 'dynamo' ? times(requests, readUnitsOf(plan)) : NOTHING,
    transferBytes: plus(times(requests, perRead), {
      low: 0,
      high: tracesRead.high * TRACE_BYTES + (lambda ? logBytes.high : 0),
    }),
  };
}

/** Of a mean request of the plan. */
function readUnitsOf({ operations }: Plan): Bounds {
  const total = operations.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return exactly(0);
  const reads = operations.reduce(
    (sum, { name, weight }) => sum + (READS[name] ?? READS.TenUsers ?? 0) * weight,
    0,
  );
  return times(UNITS_A_READ, reads / total);
}

/** The sum of several. */
export function sumOf(all: readonly Quantities[]): Quantities {
  const of = (key: keyof Quantities) => plus(...all.map((one) => one[key]));
  return {
    requests: of('requests'),
    gbS: of('gbS'),
    initGbS: of('initGbS'),
    provisionedGbS: of('provisionedGbS'),
    traces: of('traces'),
    tracesRead: of('tracesRead'),
    logBytes: of('logBytes'),
    metrics: of('metrics'),
    readUnits: of('readUnits'),
    transferBytes: of('transferBytes'),
  };
}
