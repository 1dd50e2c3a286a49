import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nowUs } from '../../base/clock.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { endLine, reportLine, startLine } from '../telemetry/platform-lines.ts';
import { traceOf } from '../trace-header.ts';
import type {
  FunctionConfiguration,
  InvocationRecord,
  InvocationRequest,
  RefusalReason,
} from '../types.ts';
import type { Backing } from './backing.ts';
import { type ServiceAnswer, ServiceError, type ServiceRequest } from './wire.ts';

const EVENT_BYTES = 1024 * 1024;
const TAIL_BYTES = 4096;

/** Invoke. `Event` is answered at once and not retried; `DryRun` invokes nothing. */
export async function invokeFunction(
  backing: Backing,
  configuration: FunctionConfiguration,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') return { status: 204, body: null };
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
    throw new ServiceError(
      400,
      'InvalidRequestContentException',
      'Could not parse request body into json',
      { Type: 'User' },
    );
  }
  const invocation = invocationOf(backing, configuration, request);
  if (type === 'Event') {
    void backing.functions.invoke(invocation);
    return { status: 202, headers: { 'x-amzn-requestid': invocation.requestId }, body: null };
  }
  const result = await backing.functions.invoke(invocation);
  if (result.kind === 'refused') throw refusal(result.reason, result.message);
  const headers: Record<string, string> = {
    'x-amzn-requestid': invocation.requestId,
    'x-amz-executed-version': '$LATEST',
    'x-amzn-trace-id': `root=${invocation.trace.root};sampled=${invocation.trace.sampled ? 1 : 0}`,
  };
  if (result.kind === 'function_error') headers['x-amz-function-error'] = 'Unhandled';
  if (request.headers['x-amz-log-type'] === 'Tail') {
    headers['x-amz-log-result'] = (await logTail(backing, result.record)).toString('base64');
  }
  return { status: 200, headers, body: result.payload };
}

/** The last 4 KB of the invocation's log, the platform's lines included. */
async function logTail(backing: Backing, record: InvocationRecord): Promise<Buffer> {
  // What the function wrote before it answered is in its pipe, and read in this turn at the latest.
  await nextTurn();
  const lines = backing.functions.logTail(record.requestId);
  const log = startLine(record) + lines + endLine(record) + reportLine(record);
  const bytes = Buffer.from(log);
  let start = Math.max(0, bytes.length - TAIL_BYTES);
  // Not from within a character.
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start);
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

function invocationOf(
  backing: Backing,
  configuration: FunctionConfiguration,
  request: ServiceRequest,
): InvocationRequest {
  const receivedUs = nowUs();
  const header = request.headers['x-amzn-trace-id'];
  const clientContext = request.headers['x-amz-client-context'];
  return {
    functionName: configuration.name,
    requestId: randomUUID(),
    // Without a body the event is an empty object.
    payload: request.body.length === 0 ? Buffer.from('{}') : request.body,
    trace: traceOf(Array.isArray(header) ? header[0] : header, receivedUs, backing.sample()),
    clientContext: typeof clientContext === 'string' ? clientContext : null,
    receivedUs,
  };
}

function refusal(reason: RefusalReason, message: string): ServiceError {
  switch (reason) {
    case 'host_capacity':
      return new ServiceError(503, 'ServiceUnavailableException', message, { Reason: reason });
    case 'closed':
      return new ServiceError(503, 'ServiceUnavailableException', message);
    default:
      return new ServiceError(429, 'TooManyRequestsException', 'Rate Exceeded.', {
        Reason: reason,
        Type: 'User',
      });
  }
}
