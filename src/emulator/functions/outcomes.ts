import { z } from 'zod';
import { randomHex } from '../ids.ts';
import { formatTraceHeader } from '../trace-header.ts';
import type {
  FunctionConfiguration,
  InvocationRecord,
  InvocationRequest,
  InvocationResult,
  InvocationStatus,
  ProvisionedUse,
} from '../types.ts';
import type { RuntimeError } from './runtime-reports.ts';

/** An invocation on its way through an environment. */
export interface Invocation {
  readonly request: InvocationRequest;
  readonly invocationSpanId: string;
  /** `next` answered; 0 until then. */
  invokedUs: number;
  /** Of the init this request waited for or found; null but for an environment's first. */
  init: InvocationRecord['init'];
  provisioned: ProvisionedUse | null;
  settle(result: InvocationResult): void;
}

export function newInvocation(
  request: InvocationRequest,
  settle: (result: InvocationResult) => void,
): Invocation {
  return {
    request,
    invocationSpanId: randomHex(8),
    invokedUs: 0,
    init: null,
    provisioned: null,
    settle,
  };
}

/** `Root=…;Parent=…;Sampled=1`, as a runtime finds it in `Lambda-Runtime-Trace-Id`. */
export function traceHeader({ request, invocationSpanId }: Invocation): string {
  const { root, sampled } = request.trace;
  return formatTraceHeader(root, invocationSpanId, sampled);
}

/** How an invocation ended, where it did not end with a payload of its own. */
export interface Failure {
  errorType: string;
  errorMessage: string;
  status: InvocationStatus;
  /** Killed for its memory: the record says so, the caller hears of a killed runtime only. */
  outOfMemory?: boolean;
}

export function failurePayload({ errorType, errorMessage }: Failure): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}

/** In Go's words, as Lambda's own supervisor is written in it. */
export function exitFailure(requestId: string, { how, outOfMemory }: ProcessEnd): Failure {
  const reason = typeof how === 'number' ? `exit status ${how}` : `signal: ${SIGNALS[how] ?? how}`;
  const text =
    how === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: ${reason}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: ${text}`,
    status: 'error',
    outOfMemory,
  };
}

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGBUS: 'bus error',
  SIGILL: 'illegal instruction',
  SIGTRAP: 'trace/breakpoint trap',
};

/** The connection closed within a response, and the runtime went on. */
export function truncatedFailure(): Failure {
  return {
    errorType: 'Runtime.TruncatedResponse',
    errorMessage: 'HTTP request detected as truncated',
    status: 'error',
  };
}

export function timeoutFailure(requestId: string, timeoutS: number): Failure {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutS.toFixed(2)} seconds`,
    status: 'timeout',
  };
}

/** What is known when the response is posted; `readyUs` is set again when `next` arrives. */
export function recordOf(
  invocation: Invocation,
  facts: {
    environment: string;
    configuration: FunctionConfiguration;
    maxMemoryMb: number;
    endedUs: number;
    producedBytes: number;
    /** Of a streamed response. */
    firstByteUs?: number | null;
    status: InvocationStatus;
    errorType: string | null;
  },
): InvocationRecord {
  const { request, init, invokedUs } = invocation;
  const { configuration } = facts;
  const durationUs = facts.endedUs - invokedUs;
  const billedInitUs = init === null || !init.billed ? 0 : init.endedUs - init.startedUs;
  return {
    functionName: request.functionName,
    qualifier: request.qualifier,
    version: configuration.version,
    logFormat: configuration.logFormat,
    requestId: request.requestId,
    trace: request.trace,
    serviceSpanId: randomHex(8),
    functionSpanId: randomHex(8),
    invocationSpanId: invocation.invocationSpanId,
    environment: facts.environment,
    memoryMb: configuration.memoryMb,
    maxMemoryMb: Math.min(configuration.memoryMb, facts.maxMemoryMb),
    receivedUs: request.receivedUs,
    answeredUs: facts.endedUs,
    init,
    invokedUs,
    respondedUs: facts.endedUs,
    readyUs: facts.endedUs,
    durationUs,
    billedUs: Math.ceil((durationUs + billedInitUs) / 1000) * 1000,
    status: facts.status,
    errorType: facts.errorType,
    httpStatus: 200,
    provisioned: invocation.provisioned,
    firstByteUs: facts.firstByteUs ?? facts.endedUs,
    producedBytes: facts.producedBytes,
  };
}

/** How an initialisation ended. */
export type InitOutcome =
  /** loadUs: of it, loading the handler; null where the runtime does not tell. */
  | { kind: 'ready'; startedUs: number; endedUs: number; loadUs: number | null }
  /** This host could not: no fault of the function. */
  | { kind: 'not_started'; message: string }
  | FailedInit;

export interface FailedInit {
  kind: 'failed';
  startedUs: number;
  endedUs: number;
  status: 'error' | 'timeout';
  errorType: string;
  payload: Buffer;
  /** How its process ended, where that is all that is known of it. */
  exit: ProcessEnd | null;
}

export interface ProcessEnd {
  how: number | NodeJS.Signals;
  outOfMemory: boolean;
}

export const RESPONSE_TOO_LARGE = failed(
  'Function.ResponseSizeTooLarge',
  'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
);

export const STREAM_TOO_LARGE = failed(
  'Function.ResponseSizeTooLarge',
  'Response payload size exceeded maximum allowed payload size (209715200 bytes).',
);

export function failed(errorType: string, errorMessage: string): RuntimeError {
  return { errorType, payload: Buffer.from(JSON.stringify({ errorType, errorMessage })) };
}

/** What a failed initialisation says of the function, in words; null where it did not fail. */
export function initProblemOf(outcome: InitOutcome, limitMs: number): string | null {
  switch (outcome.kind) {
    case 'ready':
      return null;
    case 'not_started':
      return `could not be started: ${outcome.message}`;
    case 'failed': {
      if (outcome.status === 'timeout') {
        return `did not ask for its first invocation within ${limitMs / 1000} s`;
      }
      const { errorMessage } = failureSchema.parse(JSON.parse(outcome.payload.toString()));
      return `does not load: ${outcome.errorType}${errorMessage === '' ? '' : `: ${errorMessage}`}`;
    }
  }
}

/** A runtime may post any JSON as its error. */
const failureSchema = z.object({ errorMessage: z.string().catch('') }).catch({ errorMessage: '' });
