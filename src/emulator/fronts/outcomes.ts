import type { RefusalReason } from '../types.ts';
import type { ResultProblem } from './proxy-result.ts';

/**
 * What a caller sees of each outcome, per front. Sources: Lambda Developer Guide, "Invoking Lambda
 * function URLs" and "Lambda quotas"; API Gateway Developer Guide, "Handle Lambda errors in API
 * Gateway" and "Gateway response types". A throttle behind a REST API's proxy integration is a 500
 * (measured), since the integration's own 429 is no valid proxy result. HTTP APIs: "Troubleshooting
 * issues with HTTP API Lambda integrations" (500 for whatever is wrong with the integration), Lambda
 * Developer Guide, "Handling Lambda errors with an API Gateway API" (500 where Lambda rejects the
 * invocation); that the time limit is a 503 is reported of the service (cortexlabs/cortex#1225), that
 * a function's own timeout is a 500, too (denoland/deno_registry2#87). The error types of a REST API
 * are those of recorded answers (localstack, test_apigateway_header_remapping_aws and
 * test_routing_not_found); RequestTooLargeException and those of 400, 415 and 431 are inferred from
 * them, as are the bodies of 400 and 431. A function error behind a function URL is recorded, too
 * (localstack, test_lambda_url_invocation_exception).
 */
export interface Outcome {
  status: number;
  body: string;
  /** `x-amzn-ErrorType`; null: the front sends none. */
  errorType: string | null;
}

export type OutcomeKind =
  | ResultProblem
  | 'function_error'
  | 'throttled'
  | 'timed_out'
  | 'request_too_large'
  | 'headers_too_large'
  | 'bad_request'
  /** A content coding that is unknown, or not what the body is in. */
  | 'unsupported_encoding'
  | 'not_found'
  | 'host_capacity'
  | 'closed';

type Outcomes = Record<OutcomeKind, Outcome>;

function outcome(status: number, body: string, errorType: string | null = null): Outcome {
  return { status, body, errorType };
}

const SERVER_ERROR = 'InternalServerErrorException';
const internal = '{"message":"Internal server error"}';
const integrationFailed = outcome(500, '{"message":"Internal Server Error"}');
const functionFailed = outcome(502, 'Internal Server Error');
/** Of our own, not Lambda's: the host could not do what Lambda can, and the trial is void. */
const hostCapacity = outcome(
  503,
  '{"message":"graphql-lambda-bench: this host has no room for another environment","Reason":"host_capacity"}',
);
const closed = outcome(503, '{"message":"Service Unavailable"}');
const badRequest = outcome(400, '{"message":"Bad Request"}');
const headersTooLarge = outcome(431, '{"message":"Request Header Fields Too Large"}');
const unsupportedEncoding = outcome(
  415,
  '{"message":"Unsupported Media Type"}',
  'BadRequestException',
);

export const OUTCOMES: Record<'rest-api' | 'http-api' | 'function-url', Outcomes> = {
  'rest-api': {
    function_error: outcome(502, internal, SERVER_ERROR),
    malformed_result: outcome(502, internal, SERVER_ERROR),
    undecodable_body: outcome(500, internal, SERVER_ERROR),
    throttled: outcome(500, internal, SERVER_ERROR),
    timed_out: outcome(504, '{"message":"Endpoint request timed out"}', SERVER_ERROR),
    request_too_large: outcome(413, '{"message":"Request Too Long"}', 'RequestTooLargeException'),
    headers_too_large: headersTooLarge,
    bad_request: { ...badRequest, errorType: 'BadRequestException' },
    unsupported_encoding: unsupportedEncoding,
    not_found: outcome(
      403,
      '{"message":"Missing Authentication Token"}',
      'MissingAuthenticationTokenException',
    ),
    host_capacity: hostCapacity,
    closed,
  },
  'http-api': {
    function_error: integrationFailed,
    malformed_result: integrationFailed,
    undecodable_body: integrationFailed,
    throttled: integrationFailed,
    timed_out: outcome(503, '{"message":"Service Unavailable"}'),
    request_too_large: outcome(413, '{"message":"Request Entity Too Large"}'),
    headers_too_large: headersTooLarge,
    bad_request: badRequest,
    unsupported_encoding: unsupportedEncoding,
    not_found: outcome(404, '{"message":"Not Found"}'),
    host_capacity: hostCapacity,
    closed,
  },
  'function-url': {
    function_error: functionFailed,
    malformed_result: functionFailed,
    undecodable_body: functionFailed,
    throttled: outcome(
      429,
      '{"Reason":"ConcurrentInvocationLimitExceeded","Message":"Rate Exceeded."}',
      'TooManyRequestsException',
    ),
    // A function URL has no time limit of its own: the function's timeout is a function error.
    timed_out: functionFailed,
    request_too_large: outcome(413, '{"Message":"Request Entity Too Large"}'),
    headers_too_large: headersTooLarge,
    bad_request: badRequest,
    unsupported_encoding: unsupportedEncoding,
    not_found: outcome(404, '{"Message":null}'),
    host_capacity: hostCapacity,
    closed,
  },
};

export function outcomeOfRefusal(reason: RefusalReason): OutcomeKind {
  return reason === 'host_capacity' || reason === 'closed' ? reason : 'throttled';
}

/** What a function URL, which is Lambda's own, says of the limit that was reached. */
export function throttledBecause(reason: RefusalReason): Outcome {
  const { body, ...rest } = OUTCOMES['function-url'].throttled;
  return { ...rest, body: body.replace(/"Reason":"[A-Za-z]+"/, `"Reason":"${reason}"`) };
}

/** An integration of a REST API may take this long at most. Source: "Quotas …, REST API". */
export const REST_TIMEOUT_MS = 29_000;
/** Fixed, of HTTP APIs. Source: "Quotas for configuring and running an HTTP API". */
export const HTTP_API_TIMEOUT_MS = 30_000;
