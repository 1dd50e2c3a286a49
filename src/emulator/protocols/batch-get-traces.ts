import { z } from 'zod';
import type { XRayDocument } from '../telemetry/documents.ts';
import type { Backing } from './backing.ts';
import { type AnsweredTrace, tracesAnswer } from './traces-answer.ts';
import { validated } from './validation.ts';
import { ServiceError } from './wire.ts';

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const MOST_IDS = 5;

const schema = z.object({
  TraceIds: z.array(z.string()),
  NextToken: z.string().nullish(),
});

/**
 * BatchGetTraces: all segments of five traces at most, in one page. AWS pages where segments are many;
 * a token is refused here, since none is ever given.
 */
export async function batchGetTraces(backing: Backing, body: unknown): Promise<Buffer> {
  const input = isPlain(body) ? body : validated(schema, body, 'InvalidRequestException');
  const ids = [...new Set(input.TraceIds)];
  if (ids.length > MOST_IDS || ids.some((id) => !TRACE_ID.test(id))) {
    throw invalidRequest(`TraceIds must be at most ${MOST_IDS} trace ids`);
  }
  if (typeof input.NextToken === 'string') throw invalidRequest('Invalid NextToken');
  const found = await backing.traces.segments(ids);
  const unprocessed: string[] = [];
  const answered: AnsweredTrace[] = [];
  ids.forEach((id, i) => {
    const segments = found[i] ?? [];
    if (segments.length === 0) {
      unprocessed.push(id);
      return;
    }
    const { startS, endS } = extentOf(segments);
    answered.push({
      id,
      durationS: seconds(endS - startS),
      segments: segments.map((segment) => ({
        id: segment.id,
        document: JSON.stringify(segment),
      })),
    });
  });
  return tracesAnswer(answered, unprocessed);
}

/** What collectors send by the hundred thousand: nothing but ids. */
function isPlain(body: unknown): body is z.infer<typeof schema> {
  if (typeof body !== 'object' || body === null || !('TraceIds' in body)) return false;
  const { TraceIds } = body;
  return (
    !('NextToken' in body) &&
    Array.isArray(TraceIds) &&
    TraceIds.every((id) => typeof id === 'string')
  );
}

/** From the first start to the last end. */
export function extentOf(segments: readonly XRayDocument[]): { startS: number; endS: number } {
  let startS = Number.POSITIVE_INFINITY;
  let endS = 0;
  for (const { start_time, end_time } of segments) {
    startS = Math.min(startS, start_time);
    endS = Math.max(endS, end_time ?? start_time);
  }
  return { startS, endS };
}

/** With three digits, as X-Ray's. */
export function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function invalidRequest(message: string): ServiceError {
  return new ServiceError(400, 'InvalidRequestException', message);
}
