/**
 * The Init Duration in the tail of an invocation's log (Invoke with LogType Tail), in both of Lambda's
 * formats: `REPORT …\tInit Duration: 276.94 ms` or a JSON line of type `platform.report`. null: the
 * invocation found an environment, or the tail does not hold its report.
 */
export function initDurationMs(tail: string): number | null {
  const text = /^REPORT .*\tInit Duration: ([\d.]+) ms/m.exec(tail)?.[1];
  if (text !== undefined) return Number(text);
  for (const line of tail.split('\n')) {
    if (!line.includes('platform.report')) continue;
    const ms = reported(line);
    if (ms !== null) return ms;
  }
  return null;
}

function reported(line: string): number | null {
  try {
    const event: { type?: string; record?: { metrics?: { initDurationMs?: unknown } } } =
      JSON.parse(line);
    const ms = event.type === 'platform.report' ? event.record?.metrics?.initDurationMs : null;
    return typeof ms === 'number' ? ms : null;
  } catch {
    // The tail begins where its 4 KB do.
    return null;
  }
}
