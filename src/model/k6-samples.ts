/**
 * What the scenarios write beside k6's own samples, and what merge reads: one sample of the metric
 * `graphql_request` per request (value: total milliseconds = blocked + duration).
 *
 * k6's CSV: metric_name,timestamp,metric_value,<system tags>,extra_tags,metadata, with
 * K6_CSV_TIME_FORMAT=unix_micro. extra_tags and metadata are unescaped `k=v&k=v`, so every value
 * here that is not plain [A-Za-z0-9_.:-] is percent-encoded by the scenario (`&`, `=`, `;`, `,`, quotes).
 * The instant of an HTTP sample is the request's end.
 */
export const REQUEST_METRIC = 'graphql_request';

/** Counts what was not `ok`, for the live line alone: one sample per failure, not for merge. */
export const FAILURE_METRIC = 'graphql_failure';

/** Tags of `graphql_request`. */
export const SAMPLE_TAGS = ['operation', 'outcome', 'phase'] as const;

/** Metadata on the samples of a request's HTTP exchange: set on the VU before it is sent. */
export const ITERATION_METADATA = ['trace_id', 'join_key'] as const;

/**
 * The only metadata on `graphql_request`, which has all that is known of the request but the instant of
 * its end: `request=` and the values of REQUEST_FIELDS in this order, with `;` between them. So one row
 * has the timings of nine, and is taken apart at once; k6 writes keys of metadata in no order.
 */
export const REQUEST_METADATA = 'request';

/**
 * A field is empty where it is not known. Times are whole microseconds. `response_bytes` is the
 * Content-Length; without one, the length of the text; it and `http_status` are empty where there was no
 * answer. `sampled` is 0 where the request was sent not to be traced. `returned_trace_id` is left out
 * where it is the `trace_id` that was sent. `error` is at most 200 characters (before encoding). New fields come last.
 */
export const REQUEST_FIELDS = [
  'trace_id',
  'join_key',
  'total_us',
  'blocked_us',
  'connecting_us',
  'tls_us',
  'sending_us',
  'waiting_us',
  'receiving_us',
  'http_status',
  'response_bytes',
  'sampled',
  'request_id',
  'gateway_request_id',
  'returned_trace_id',
  'error',
] as const;
export type RequestField = (typeof REQUEST_FIELDS)[number];

export const OUTCOMES = [
  'ok',
  'graphql_error',
  'wrong_answer',
  'http_error',
  'network_error',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
