import type { InvocationRecord } from '../types.ts';

/** The platform's lines in Lambda's text format; each is one log event. */

export function startLine(record: InvocationRecord): string {
  return `START RequestId: ${record.requestId} Version: $LATEST\n`;
}

export function endLine(record: InvocationRecord): string {
  return `END RequestId: ${record.requestId}\n`;
}

/** The XRAY part is a second line of the same event. */
export function reportLine(record: InvocationRecord): string {
  const init =
    record.init === null
      ? ''
      : `Init Duration: ${milliseconds(record.init.endedUs - record.init.startedUs)} ms\t`;
  return (
    `REPORT RequestId: ${record.requestId}\tDuration: ${milliseconds(record.durationUs)} ms\t` +
    `Billed Duration: ${Math.ceil(record.billedUs / 1000)} ms\tMemory Size: ${record.memoryMb} MB\t` +
    `Max Memory Used: ${record.maxMemoryMb} MB\t${init}${statusOf(record)}\n` +
    `XRAY TraceId: ${record.trace.root}\tSegmentId: ${record.functionSpanId}\t` +
    `Sampled: ${record.trace.sampled}\t\n`
  );
}

/** A handler that threw is a success to the platform: only what the runtime did not survive is named. */
function statusOf(record: InvocationRecord): string {
  if (record.status === 'timeout') return 'Status: timeout\t';
  const { errorType } = record;
  if (record.status === 'success' || errorType === null) return '';
  return /^(Runtime|Extension|Sandbox|Function)\./.test(errorType)
    ? `Status: error\tError Type: ${errorType}\t`
    : '';
}

function milliseconds(us: number): string {
  return (us / 1000).toFixed(2);
}
