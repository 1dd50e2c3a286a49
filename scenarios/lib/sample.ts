import type { RefinedResponse } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { carried, type Verdict } from './check.ts';
import type { Phase } from './profiles.ts';
import { traceIdOf } from './trace.ts';

const requests = new Trend('graphql_request', true);
/** Counts what was not `ok`, for the live line. */
const failures = new Counter('graphql_failure');

const tags = { operation: '', outcome: '', phase: '' };

/**
 * One sample of `graphql_request`: total milliseconds, with all that is known of the request as one text
 * (src/model/k6-samples.ts names its fields). `status` is the one that was judged: behind Invoke not the
 * response's but the function's own. Metadata belongs to the virtual user: what was of the HTTP
 * exchange is taken from it before, and the text afterwards, else k6 would write both into every
 * later sample of the iteration.
 */
export function recordRequest(
  response: RefinedResponse<'text'>,
  request: { operation: string; phase: Phase; traceId: string; key: number; sampled: boolean },
  verdict: Verdict,
  status: number,
  metadata: Record<string, string | number>,
): void {
  const { headers, timings } = response;
  const { blocked, duration } = timings;
  const returned = traceIdOf(headers['X-Amzn-Trace-Id']);
  const { error, outcome } = verdict;

  delete metadata.trace_id;
  delete metadata.join_key;
  metadata.request =
    `${request.traceId};${request.key};${us(blocked + duration)};${us(blocked)};` +
    `${us(timings.connecting)};${us(timings.tls_handshaking)};${us(timings.sending)};` +
    `${us(timings.waiting)};${us(timings.receiving)};` +
    `${status === 0 ? ';' : `${status};${headers['Content-Length'] ?? (response.body ?? '').length}`};` +
    `${request.sampled ? '' : 0};${plain(headers['X-Amzn-Requestid'])};` +
    `${plain(headers['Apigw-Requestid'])};${returned === request.traceId ? '' : plain(returned)};` +
    (error === '' ? '' : carried(error));

  tags.operation = request.operation;
  tags.outcome = outcome;
  tags.phase = request.phase;
  requests.add(blocked + duration, tags);
  delete metadata.request;
  if (outcome !== 'ok') failures.add(1);
}

/** Whole microseconds of milliseconds. */
function us(ms: number): number {
  return Math.round(ms * 1000);
}

function plain(header: string | undefined): string {
  return header ? encodeURIComponent(header) : '';
}
