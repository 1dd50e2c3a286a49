import type { XRayDocument } from './documents.ts';

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** Nothing nests so deep in earnest; what nests deeper still could not be written as JSON again. */
const DEEPEST = 200;

/** What the daemon's thread tells ours. */
export type DaemonMessage =
  | { kind: 'bound'; port: number }
  | { kind: 'failed'; message: string }
  /** Documents one after another: the i-th ends at `ends[i]` and is of the trace `traceIds[i]`. */
  | { kind: 'batch'; documents: Uint8Array; ends: number[]; traceIds: string[]; rejected: number }
  | { kind: 'drained'; ticket: number };

/** What we tell the daemon's thread. */
export type DaemonRequest = { kind: 'drain'; ticket: number } | { kind: 'close' };

/** Where the document begins, after the line `{"format":"json","version":1}`; -1 without that line. */
export function documentStart(datagram: Buffer): number {
  const newline = datagram.indexOf(10);
  if (newline < 0 || newline > 64) return -1;
  return datagram.toString('latin1', 0, newline).includes('"json"') ? newline + 1 : -1;
}

/** A segment or subsegment document with the fields no reader can do without; null for anything else. */
export function parseDocument(text: string): XRayDocument | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  if (text.length > 2 * DEEPEST && isDeeper(parsed, DEEPEST)) return null;
  const document = parsed as Record<string, unknown>;
  const sound =
    typeof document.id === 'string' &&
    SPAN_ID.test(document.id) &&
    typeof document.trace_id === 'string' &&
    TRACE_ID.test(document.trace_id) &&
    typeof document.name === 'string' &&
    typeof document.start_time === 'number';
  return sound ? (parsed as XRayDocument) : null;
}

/** Level by level: a recursion would end the stack before it found out. */
function isDeeper(root: unknown, levels: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

/** Drops of the socket bound to 127.0.0.1:port, of the text of /proc/net/udp. */
export function dropsOf(table: string, port: number): number {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns[1] === local) return Number(columns[columns.length - 1]) || 0;
  }
  return 0;
}
