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
 * One sample of `graphql_request`: total milliseconds, with what is known only after the answer.
 * `status` is the one that was judged: behind Invoke not the response's but the function's own.
 * Metadata belongs to the virtual user, so what is of this sample alone is taken back afterwards:
 * else every later sample of the iteration would carry it, too.
 */
export function recordRequest(
  response: RefinedResponse<'text'>,
  request: { operation: string; phase: Phase; traceId: string; sampled: boolean },
  verdict: Verdict,
  status: number,
  metadata: Record<string, string | number>,
): void {
  const { headers, timings } = response;
  const requestId = headers['X-Amzn-Requestid'];
  const gatewayRequestId = headers['Apigw-Requestid'];
  const returned = traceIdOf(headers['X-Amzn-Trace-Id']);
  const { error, outcome } = verdict;
  const answered = status !== 0;
  const otherTrace = returned !== '' && returned !== request.traceId;

  if (requestId) metadata.request_id = encodeURIComponent(requestId);
  if (gatewayRequestId) metadata.gateway_request_id = encodeURIComponent(gatewayRequestId);
  if (otherTrace) metadata.returned_trace_id = encodeURIComponent(returned);
  if (answered) {
    metadata.http_status = status;
    metadata.response_bytes = headers['Content-Length'] ?? (response.body ?? '').length;
  }
  if (error !== '') metadata.error = carried(error);
  if (!request.sampled) metadata.sampled = 0;

  tags.operation = request.operation;
  tags.outcome = outcome;
  tags.phase = request.phase;
  requests.add(timings.blocked + timings.duration, tags);
  if (outcome !== 'ok') failures.add(1);

  if (requestId) delete metadata.request_id;
  if (gatewayRequestId) delete metadata.gateway_request_id;
  if (otherTrace) delete metadata.returned_trace_id;
  if (answered) {
    delete metadata.http_status;
    delete metadata.response_bytes;
  }
  if (error !== '') delete metadata.error;
  if (!request.sampled) delete metadata.sampled;
}
