import { z } from 'zod';
import { parseDocument } from '../telemetry/daemon-protocol.ts';
import type { Backing } from './backing.ts';
import { validated } from './validation.ts';

const schema = z.object({ TraceSegmentDocuments: z.array(z.string()) });

/** X-Ray's limits: of a document's bytes, and of a trace's age. */
const MOST_BYTES = 64 * 1024;
const OLDEST_S = 30 * 24 * 3600;

const TRACE_ID = /^1-([0-9a-f]{8})-[0-9a-f]{24}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/**
 * PutTraceSegments: sound documents join those of the daemon's socket; the others are told with a code.
 * MissingId and InvalidTraceId are known of AWS; the further codes are named after them.
 */
export function putTraceSegments(backing: Backing, body: unknown): Record<string, unknown> {
  const { TraceSegmentDocuments } = validated(schema, body, 'InvalidRequestException');
  const unprocessed: Record<string, unknown>[] = [];
  for (const text of TraceSegmentDocuments) {
    const checked = checkedDocument(text);
    if ('traceId' in checked) backing.traces.receive(checked.traceId, text);
    else {
      const { id, code } = checked;
      const Message = `Invalid segment. ErrorCode: ${code}`;
      unprocessed.push({ ...(id === null ? {} : { Id: id }), ErrorCode: code, Message });
    }
  }
  return { UnprocessedTraceSegments: unprocessed };
}

function checkedDocument(text: string): { traceId: string } | { id: string | null; code: string } {
  if (Buffer.byteLength(text) > MOST_BYTES) return { id: null, code: 'SegmentTooLarge' };
  const parsed = parsedObject(text);
  if (parsed === null) return { id: null, code: 'ParseError' };
  const { id } = parsed;
  if (typeof id !== 'string') return { id: null, code: 'MissingId' };
  if (!SPAN_ID.test(id)) return { id, code: 'InvalidId' };
  const traceId = parsed.trace_id;
  if (typeof traceId !== 'string') return { id, code: 'MissingTraceId' };
  const epochS = Number.parseInt(TRACE_ID.exec(traceId)?.[1] ?? '', 16);
  const ageS = Date.now() / 1000 - epochS;
  // Also of what is no id at all: then it is not a number.
  if (!(Math.abs(ageS) < OLDEST_S)) return { id, code: 'InvalidTraceId' };
  if (typeof parsed.name !== 'string') return { id, code: 'MissingName' };
  if (typeof parsed.start_time !== 'number') return { id, code: 'MissingStartTime' };
  return parseDocument(text) === null ? { id, code: 'ParseError' } : { traceId };
}

function parsedObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
