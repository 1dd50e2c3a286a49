import type { RefusalReason } from '../types.ts';

/**
 * What a caller sees of each outcome, per front. Sources: Lambda Developer Guide, "Invoking Lambda
 * function URLs" and "Lambda quotas"; API Gateway Developer Guide, "Handle Lambda errors in API
 * Gateway" and "Gateway response types". A throttle behind a REST API's proxy integration is a 500
 * (measured), since the integration's own 429 is no valid proxy result. HTTP APIs: "Troubleshooting
 * issues with HTTP API Lambda integrations" (500 for whatever is wrong with the integration), Lambda
 * Developer Guide, "Handling Lambda errors with an API Gateway API" (500 where Lambda rejects the
 * invocation); that the time limit is a 503 is reported of the service (cortexlabs/cortex#1225), that
 * a function's own timeout is a 500, too (denoland/deno_registry2#87).
 */
export interface Outcome {
  status: number;
  body: string;
}

export type OutcomeKind =
  | 'function_error'
  | 'malformed_result'
  | 'throttled'
  | 'timed_out'
  | 'request_too_large'
  | 'not_found'
  | 'host_capacity'
  | 'closed';

const internal = '{"message":"Internal server error"}';
const integrationFailed = '{"message":"Internal Server Error"}';
/** Of our own, not Lambda's: the host could not do what Lambda can, and the trial is void. */
const hostCapacity: Outcome = {
  status: 503,
  body: '{"message":"graphql-lambda-bench: this host has no room for another environment","Reason":"host_capacity"}',
};
const closed: Outcome = { status: 503, body: '{"message":"Service Unavailable"}' };

export const OUTCOMES: Record<
  'rest-api' | 'http-api' | 'function-url',
  Record<OutcomeKind, Outcome>
> = {
  'rest-api': {
    function_error: { status: 502, body: internal },
    malformed_result: { status: 502, body: internal },
    throttled: { status: 500, body: internal },
    timed_out: { status: 504, body: '{"message":"Endpoint request timed out"}' },
    request_too_large: { status: 413, body: '{"message":"Request Too Long"}' },
    not_found: { status: 403, body: '{"message":"Missing Authentication Token"}' },
    host_capacity: hostCapacity,
    closed,
  },
  'http-api': {
    function_error: { status: 500, body: integrationFailed },
    malformed_result: { status: 500, body: integrationFailed },
    throttled: { status: 500, body: integrationFailed },
    timed_out: { status: 503, body: '{"message":"Service Unavailable"}' },
    request_too_large: { status: 413, body: '{"message":"Request Entity Too Large"}' },
    not_found: { status: 404, body: '{"message":"Not Found"}' },
    host_capacity: hostCapacity,
    closed,
  },
  'function-url': {
    function_error: { status: 502, body: 'Internal Server Error' },
    malformed_result: { status: 502, body: 'Internal Server Error' },
    throttled: {
      status: 429,
      body: '{"Reason":"ConcurrentInvocationLimitExceeded","Message":"Rate Exceeded."}',
    },
    // A function URL has no time limit of its own: the function's timeout is a function error.
    timed_out: { status: 502, body: 'Internal Server Error' },
    request_too_large: { status: 413, body: '{"Message":"Request Entity Too Large"}' },
    not_found: { status: 404, body: '{"Message":null}' },
    host_capacity: hostCapacity,
    closed,
  },
};

export function outcomeOfRefusal(reason: RefusalReason): OutcomeKind {
  switch (reason) {
    case 'host_capacity':
    case 'closed':
      return reason;
    case 'ReservedFunctionConcurrentInvocationLimitExceeded':
    case 'ConcurrentInvocationLimitExceeded':
    case 'FunctionInvocationRateLimitExceeded':
      return 'throttled';
  }
}

/** An integration of a REST API may take this long. */
export const REST_TIMEOUT_MS = 29_000;
/** Fixed, of HTTP APIs. Source: "Quotas for configuring and running an HTTP API". */
export const HTTP_API_TIMEOUT_MS = 30_000;
/** Of REST and HTTP APIs. */
export const GATEWAY_BODY_BYTES = 10 * 1024 * 1024;
