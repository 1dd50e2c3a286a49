import { z } from 'zod';
import type { RawTrace } from '../../model/raw.ts';

/** A trace as read once. */
export interface ReadTrace {
  id: string;
  /** Its line of the raw file: RawTrace as JSON. */
  line: string;
  /** Equal for two reads that show the same segments. */
  shape: string;
  inProgress: boolean;
}

const segmentSchema = z.object({ Id: z.string(), Document: z.string() });
const traceSchema = z.object({
  Id: z.string(),
  Duration: z.number().optional(),
  LimitExceeded: z.boolean().optional(),
  Segments: z.array(segmentSchema),
});
const answerSchema = z.object({ Traces: z.array(z.unknown()).optional() });

/** The traces of an answer of BatchGetTraces; what cannot be read is told and left out. */
export function parseTraces(answer: unknown, damaged: (problem: string) => void): ReadTrace[] {
  const envelope = answerSchema.safeParse(answer);
  if (!envelope.success) {
    damaged(z.prettifyError(envelope.error));
    return [];
  }
  const traces: ReadTrace[] = [];
  for (const each of envelope.data.Traces ?? []) {
    const trace = traceSchema.safeParse(each);
    if (!trace.success) damaged(z.prettifyError(trace.error));
    // A trace without a segment has been announced, not delivered.
    else if (trace.data.Segments.length > 0) traces.push(readTrace(trace.data as RawTrace));
  }
  return traces;
}

function readTrace(trace: RawTrace): ReadTrace {
  const shape = trace.Segments.map(({ Id, Document }) => `${Id}:${Document.length}`)
    .sort()
    .join(' ');
  return {
    id: trace.Id,
    line: JSON.stringify(trace),
    shape,
    inProgress: trace.Segments.some(({ Document }) => /"in_progress"\s*:\s*true/.test(Document)),
  };
}
