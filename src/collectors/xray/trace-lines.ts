import type { RawTrace } from '../../model/raw.ts';

const HEAD = '{"Traces":[';
const ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const LINE_FEED = 10;
const COMMA = 44;
const END_OF_LIST = 93;

/**
 * The bytes of each trace as they stand in an answer of BatchGetTraces, each with the line feed that
 * ends it in the raw file, so that nothing is encoded again. Null where they cannot be told apart for
 * sure; they are then to be written anew. The bytes between traces are overwritten.
 *
 * In valid JSON `{"Id":"` begins an object wherever it stands: within a text its quotation marks would
 * have backslashes. Plain traces hold no other object with a trace's id, so the one that begins with a
 * trace's id is the trace, and it ends where the next one begins.
 *
 * @param traces of the answer, in its order, each of them plain (see `isPlainTrace`)
 */
export function traceLines(bytes: Buffer, traces: readonly RawTrace[]): Buffer[] | null {
  if (traces.length === 0 || bytes.toString('latin1', 0, HEAD.length) !== HEAD) return null;
  const starts: number[] = [];
  let from = HEAD.length;
  for (const { Id } of traces) {
    const begin = `{"Id":"${Id}"`;
    const at = bytes.indexOf(begin, from, 'latin1');
    if (at < 0 || (starts.length === 0 && at !== from)) return null;
    starts.push(at);
    from = at + begin.length;
  }
  const end = endOfList(bytes, from);
  if (end < 0) return null;
  starts.push(end + 1);
  const lines: Buffer[] = [];
  for (let i = 0; i < traces.length; i += 1) {
    const next = starts[i + 1] as number;
    const between = i === traces.length - 1 ? END_OF_LIST : COMMA;
    if (bytes[next - 1] !== between) return null;
    lines.push(bytes.subarray(starts[i], next));
  }
  for (const line of lines) line[line.length - 1] = LINE_FEED;
  return lines;
}

/** Where the list of traces ends: what follows it is all there is but the list itself. */
function endOfList(bytes: Buffer, from: number): number {
  const end = bytes.lastIndexOf('}],"UnprocessedTraceIds":[', undefined, 'latin1') + 1;
  if (end <= from) return -1;
  try {
    const rest: unknown = JSON.parse(HEAD + bytes.toString('utf8', end));
    const { Traces } = rest as { Traces: unknown[] };
    return Traces.length === 0 ? end : -1;
  } catch {
    return -1;
  }
}

/** A trace with the fields X-Ray documents, none of them missing or null, and nothing else. */
export function isPlainTrace(value: unknown): value is RawTrace {
  if (typeof value !== 'object' || value === null) return false;
  let fields = 0;
  for (const _ in value) fields += 1;
  const { Id, Duration, LimitExceeded, Segments } = value as Record<string, unknown>;
  if (fields !== 4 || typeof Id !== 'string' || !ID.test(Id)) return false;
  if (typeof Duration !== 'number' || typeof LimitExceeded !== 'boolean') return false;
  return Array.isArray(Segments) && Segments.every(isPlainSegment);
}

function isPlainSegment(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  let fields = 0;
  for (const _ in value) fields += 1;
  const { Id, Document } = value as Record<string, unknown>;
  // Shorter than a trace's.
  return fields === 2 && typeof Id === 'string' && Id.length < 35 && typeof Document === 'string';
}
