import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nowUs } from '../../base/clock.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { endLine, reportLine, startLine } from '../telemetry/platform-lines.ts';
import { traceOf } from '../trace-header.ts';
import type { InvocationRecord, InvocationRequest, RefusalReason } from '../types.ts';
import type { Backing } from './backing.ts';
import { configurationOf, type LambdaCall, lambdaInvalid } from './lambda-call.ts';
import { type ServiceAnswer, ServiceError } from './wire.ts';

const EVENT_BYTES = 1024 * 1024;
const TAIL_BYTES = 4096;
/** Of a rate that was exceeded: the allowance grows all the time. */
const RETRY_AFTER_S = 1;

/** Invoke. `Event` is answered at once and not retried; `DryRun` invokes nothing. */
export async function invokeFunction(call: LambdaCall): Promise<ServiceAnswer> {
  const { backing, request } = call;
  configurationOf(call);
  const type = invocationType(call, ['RequestResponse', 'Event', 'DryRun']);
  const invocation = invocationOf(call, type);
  if (type === 'DryRun') return { status: 204, body: null };
  if (type === 'Event') {
    void backing.invoke(invocation);
    return { status: 202, headers: { 'x-amzn-requestid': invocation.requestId }, body: null };
  }
  const result = await backing.invoke(invocation);
  if (result.kind === 'refused') throw refusal(result.reason, result.message);
  const headers = answerHeaders(invocation, result.record.version);
  if (result.kind === 'function_error') headers['x-amz-function-error'] = 'Unhandled';
  if (request.headers['x-amz-log-type'] === 'Tail') {
    headers['x-amz-log-result'] = await logResult(backing, result.record);
  }
  return { status: 200, headers, body: result.payload };
}

export function answerHeaders(
  { requestId, trace }: InvocationRequest,
  version: string,
): Record<string, string> {
  return {
    'x-amzn-requestid': requestId,
    'x-amz-executed-version': version,
    'x-amzn-trace-id': `root=${trace.root};sampled=${trace.sampled ? 1 : 0}`,
  };
}

export function invocationType({ request }: LambdaCall, known: readonly string[]): string {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (typeof type === 'string' && known.includes(type)) return type;
  throw lambdaInvalid(
    'ValidationException',
    `1 validation error detected: Value at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [${known.join(', ')}]`,
  );
}

/** base64 of the last 4 KB of the invocation's log, the platform's lines included. */
export async function logResult(backing: Backing, record: InvocationRecord): Promise<string> {
  // What the function wrote before it answered is in its pipe, and read in this turn at the latest.
  await nextTurn();
  const lines = backing.functions.logTail(record.requestId);
  const log = startLine(record) + lines + endLine(record) + reportLine(record);
  const bytes = Buffer.from(log);
  let start = Math.max(0, bytes.length - TAIL_BYTES);
  // Not from within a character.
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start).toString('base64');
}

/** @throws ServiceError where the event is too large or no JSON */
export function invocationOf(call: LambdaCall, type: string): InvocationRequest {
  const { backing, request } = call;
  const limit = type === 'Event' ? EVENT_BYTES : INVOKE_BYTES;
  if (request.body.length > limit) {
    throw new ServiceError(
      413,
      'RequestTooLargeException',
      `${request.body.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      { Type: 'User' },
    );
  }
  if (!isJson(request.body)) {
    throw lambdaInvalid('InvalidRequestContentException', 'Could not parse request body into json');
  }
  const receivedUs = nowUs();
  const header = request.headers['x-amzn-trace-id'];
  const clientContext = request.headers['x-amz-client-context'];
  return {
    functionName: call.name,
    qualifier: call.qualifier,
    requestId: randomUUID(),
    // Without a body the event is an empty object.
    payload: request.body.length === 0 ? Buffer.from('{}') : request.body,
    trace: traceOf(Array.isArray(header) ? header[0] : header, receivedUs, backing.sample()),
    clientContext: typeof clientContext === 'string' ? clientContext : null,
    receivedUs,
    openStream: null,
  };
}

function isJson(body: Buffer): boolean {
  if (body.length === 0) return true;
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/**
 * Retry-After is of a rate only: SDKs wait so long, and an answer of Lambda's for too many executions at
 * a time has it in no recording known.
 */
export function refusal(reason: RefusalReason, message: string): ServiceError {
  switch (reason) {
    case 'host_capacity':
      return new ServiceError(503, 'ServiceUnavailableException', message, { Reason: reason });
    case 'closed':
      return new ServiceError(503, 'ServiceUnavailableException', message);
    default: {
      const fields = { Reason: reason, Type: 'User' };
      const headers: Record<string, string> =
        reason === 'FunctionInvocationRateLimitExceeded'
          ? { 'retry-after': String(RETRY_AFTER_S) }
          : {};
      const code = 'TooManyRequestsException';
      return new ServiceError(429, code, 'Rate Exceeded.', fields, headers);
    }
  }
}
