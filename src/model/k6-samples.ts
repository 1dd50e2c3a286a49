/**
 * What the scenarios write beside k6's own samples, and what merge reads: one sample of the metric
 * `graphql_request` per request (value: total milliseconds = blocked + duration).
 *
 * k6's CSV: metric_name,timestamp,metric_value,<system tags>,extra_tags,metadata, with
 * K6_CSV_TIME_FORMAT=unix_micro. extra_tags and metadata are unescaped `k=v&k=v`, so every value
 * here that is not plain [A-Za-z0-9_.:;=-] is percent-encoded by the scenario (`&`, `=`, `,`, quotes).
 * The instant of an HTTP sample is the request's end.
 */
export const REQUEST_METRIC = 'graphql_request';

/** Counts what was not `ok`, for the live line alone: one sample per failure, not for merge. */
export const FAILURE_METRIC = 'graphql_failure';

/** Tags of `graphql_request`. */
export const SAMPLE_TAGS = ['operation', 'outcome', 'phase'] as const;

/** Metadata on every sample of the iteration: set on the VU before the request is sent. */
export const ITERATION_METADATA = ['trace_id', 'join_key'] as const;

/**
 * Metadata on `graphql_request` only, each left out when empty. `error` is at most 200 characters
 * (before encoding). `returned_trace_id` is left out where it is the `trace_id` that was sent.
 * `response_bytes` is the Content-Length; without one, the length of the text. `sampled` is `0` where the
 * request was sent not to be traced.
 */
export const REQUEST_METADATA = [
  'request_id',
  'gateway_request_id',
  'returned_trace_id',
  'response_bytes',
  'http_status',
  'error',
  'sampled',
] as const;

export const OUTCOMES = [
  'ok',
  'graphql_error',
  'wrong_answer',
  'http_error',
  'network_error',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
