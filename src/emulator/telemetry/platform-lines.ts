import { formatTraceHeader } from '../trace-header.ts';
import type { InvocationRecord } from '../types.ts';

/**
 * The platform's lines of an invocation in the function's log format, text or JSON; each is one log
 * event. What END is in text is platform.runtimeDone in JSON.
 */

export function startLine(record: InvocationRecord): string {
  const { requestId, version } = record;
  return record.logFormat === 'JSON'
    ? event(record.invokedUs, 'platform.start', { requestId, version, tracing: tracing(record) })
    : `START RequestId: ${requestId} Version: ${version}\n`;
}

export function endLine(record: InvocationRecord): string {
  return record.logFormat === 'JSON'
    ? runtimeDoneEvent(record)
    : `END RequestId: ${record.requestId}\n`;
}

export function reportLine(record: InvocationRecord): string {
  return record.logFormat === 'JSON' ? reportEvent(record) : reportText(record);
}

/** The XRAY part is a second line of the same event. */
function reportText(record: InvocationRecord): string {
  const init =
    record.init === null
      ? ''
      : `Init Duration: ${milliseconds(record.init.endedUs - record.init.startedUs)} ms\t`;
  return (
    `REPORT RequestId: ${record.requestId}\tDuration: ${milliseconds(record.durationUs)} ms\t` +
    `Billed Duration: ${Math.ceil(record.billedUs / 1000)} ms\tMemory Size: ${record.memoryMb} MB\t` +
    `Max Memory Used: ${record.maxMemoryMb} MB\t${init}${statusText(record)}\n` +
    `XRAY TraceId: ${record.trace.root}\tSegmentId: ${record.functionSpanId}\t` +
    `Sampled: ${record.trace.sampled}\t\n`
  );
}

/** Its status is that of the text format: a handler that threw was run to its end. */
function reportEvent(record: InvocationRecord): string {
  const { status, errorType } = reported(record);
  return event(record.readyUs, 'platform.report', {
    requestId: record.requestId,
    metrics: {
      durationMs: rounded(record.durationUs),
      billedDurationMs: Math.ceil(record.billedUs / 1000),
      memorySizeMB: record.memoryMb,
      maxMemoryUsedMB: record.maxMemoryMb,
      ...(record.init === null
        ? {}
        : { initDurationMs: rounded(record.init.endedUs - record.init.startedUs) }),
    },
    tracing: tracing(record),
    status,
    ...(errorType === null ? {} : { errorType }),
  });
}

function runtimeDoneEvent(record: InvocationRecord): string {
  const { status, errorType } = record;
  const span = (name: string, startUs: number, endUs: number) => ({
    name,
    start: new Date(startUs / 1000).toISOString(),
    durationMs: rounded(Math.max(0, endUs - startUs)),
  });
  return event(record.readyUs, 'platform.runtimeDone', {
    requestId: record.requestId,
    status,
    ...(status === 'success' || errorType === null ? {} : { errorType }),
    metrics: { durationMs: rounded(record.durationUs), producedBytes: record.producedBytes },
    spans: [
      span('responseLatency', record.invokedUs, record.firstByteUs),
      span('responseDuration', record.firstByteUs, record.respondedUs),
      span('runtimeOverhead', record.respondedUs, record.readyUs),
    ],
    tracing: tracing(record),
  });
}

function event(atUs: number, type: string, record: Record<string, unknown>): string {
  return `${JSON.stringify({ time: new Date(atUs / 1000).toISOString(), type, record })}\n`;
}

function tracing({ trace, functionSpanId }: InvocationRecord): Record<string, string> {
  return {
    spanId: functionSpanId,
    type: 'X-Amzn-Trace-Id',
    value: formatTraceHeader(trace.root, functionSpanId, trace.sampled),
  };
}

/** A handler that threw is a success to the platform: only what the runtime did not survive is named. */
function reported({ status, errorType }: InvocationRecord): {
  status: InvocationRecord['status'];
  errorType: string | null;
} {
  if (status === 'timeout') return { status, errorType: null };
  return status === 'error' && errorType !== null && PLATFORM_ERROR.test(errorType)
    ? { status, errorType }
    : { status: 'success', errorType: null };
}

const PLATFORM_ERROR = /^(Runtime|Extension|Sandbox|Function)\./;

function statusText(record: InvocationRecord): string {
  const { status, errorType } = reported(record);
  if (status === 'success') return '';
  return `Status: ${status}\t${errorType === null ? '' : `Error Type: ${errorType}\t`}`;
}

function milliseconds(us: number): string {
  return (us / 1000).toFixed(2);
}

/** As the platform's own JSON has durations: milliseconds with three digits at most. */
function rounded(us: number): number {
  return Math.round(us) / 1000;
}
