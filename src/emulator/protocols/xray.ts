import { z } from 'zod';
import type { Backing } from './backing.ts';
import {
  decode,
  type ServiceAnswer,
  ServiceError,
  type ServiceRequest,
  unknownOperation,
} from './wire.ts';

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const MOST_IDS = 5;

const batchGetTraces = z.object({
  TraceIds: z.array(z.string()),
  NextToken: z.string().nullish(),
});

/** X-Ray: BatchGetTraces and GetTraceSegmentDestination. */
export async function xray(backing: Backing, request: ServiceRequest): Promise<ServiceAnswer> {
  if (request.method !== 'POST') throw unknownOperation();
  switch (request.path) {
    case '/Traces':
      return { status: 200, body: await traces(backing, decode('rest-json', request.body)) };
    case '/GetTraceSegmentDestination':
      return { status: 200, body: { Destination: 'XRay', Status: 'ACTIVE' } };
    default:
      throw unknownOperation();
  }
}

async function traces(backing: Backing, body: unknown): Promise<Record<string, unknown>> {
  const input = batchGetTraces.safeParse(body);
  const ids = input.data?.TraceIds ?? [];
  if (!input.success || ids.length > MOST_IDS || ids.some((id) => !TRACE_ID.test(id))) {
    throw new ServiceError(
      400,
      'InvalidRequestException',
      `TraceIds must be at most ${MOST_IDS} trace ids`,
    );
  }
  const found = await backing.segments(ids);
  const unprocessed: string[] = [];
  const answers: Record<string, unknown>[] = [];
  ids.forEach((id, i) => {
    const segments = found[i] ?? [];
    if (segments.length === 0) {
      unprocessed.push(id);
      return;
    }
    let start = Number.POSITIVE_INFINITY;
    let end = 0;
    for (const segment of segments) {
      start = Math.min(start, segment.start_time);
      end = Math.max(end, segment.end_time ?? segment.start_time);
    }
    answers.push({
      Id: id,
      Duration: Math.round((end - start) * 1000) / 1000,
      LimitExceeded: false,
      Segments: segments.map((segment) => ({
        Id: segment.id,
        Document: JSON.stringify(segment),
      })),
    });
  });
  return { Traces: answers, UnprocessedTraceIds: unprocessed };
}
