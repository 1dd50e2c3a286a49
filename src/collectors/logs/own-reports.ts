import type { RawLogEvent } from '../../model/raw.ts';
import type { Job } from '../shared/job.ts';

const TRACE_ID = /\b1-([0-9a-f]{8})-[0-9a-f]{24}\b/;

/**
 * Tells a trial's own REPORT lines from those of the trial before or after it, which the margin of
 * the window holds, too. A line with a trace id is the trial's where the id is one of its requests, or
 * was made within its window (an id begins with its second; so those of requests that are not
 * sampled are recognised); one without by when it was reported.
 *
 * @param skewMs by how much the clocks of AWS and of this machine may differ
 * @param marginMs how long after the window an invocation may report: callers give up before functions
 */
export function ownReports(
  { window, traceIds }: Pick<Job, 'window' | 'traceIds'>,
  skewMs: number,
  marginMs: number,
): (event: RawLogEvent) => boolean {
  const own = new Set(traceIds);
  const fromMs = window.startedUs / 1000 - skewMs;
  const toMs = window.endedUs / 1000 + skewMs;
  return ({ message, timestamp }) => {
    const [id, second] = TRACE_ID.exec(message) ?? [];
    if (id === undefined) return timestamp >= Math.floor(fromMs) && timestamp <= toMs + marginMs;
    if (own.has(id)) return true;
    const madeMs = Number.parseInt(second ?? '', 16) * 1000;
    return madeMs > fromMs - 1000 && madeMs <= toMs;
  };
}
