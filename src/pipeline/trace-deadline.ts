/** Five ids a call, each read twice, at 20 calls a second at the least. */
const MS_PER_TRACE = 20;

/** How long traces are waited for: the deadline of all telemetry, and time to read so many. */
export function traceDeadlineMs(deadlineMs: number, traces: number): number {
  return deadlineMs + traces * MS_PER_TRACE;
}
