import { hash } from 'node:crypto';
import { z } from 'zod';
import type { RawTrace } from '../../model/raw.ts';

/** A trace as read once. */
export interface ReadTrace {
  id: string;
  trace: RawTrace;
  /** Equal for two reads that show the same segments. */
  shape: string;
  /** A segment is in progress, or its document is cut off. */
  unfinished: boolean;
  limitExceeded: boolean;
}

const segmentSchema = z.object({ Id: z.string(), Document: z.string() });
const traceSchema = z.object({
  Id: z.string(),
  Duration: z.number().optional(),
  LimitExceeded: z.boolean().optional(),
  Segments: z.array(segmentSchema),
});
/** ListRetrievedTraces calls segments spans. */
const retrievedSchema = traceSchema
  .omit({ Segments: true })
  .extend({ Spans: z.array(segmentSchema) })
  .transform(({ Spans, ...trace }) => ({ ...trace, Segments: Spans }));
const answerSchema = z.object({ Traces: z.array(z.unknown()).optional() });

/** Collects the traces of a call's pages; what cannot be read is told and left out. */
export class TracePages {
  readonly #traces = new Map<string, RawTrace>();
  readonly #damaged: (problem: string) => void;

  constructor(damaged: (problem: string) => void) {
    this.#damaged = damaged;
  }

  /** Adds a page of BatchGetTraces or of ListRetrievedTraces. */
  add(answer: unknown, kind: 'batch' | 'retrieved'): void {
    const envelope = answerSchema.safeParse(answer);
    if (!envelope.success) {
      this.#damaged(z.prettifyError(envelope.error));
      return;
    }
    const schema = kind === 'batch' ? traceSchema : retrievedSchema;
    for (const each of envelope.data.Traces ?? []) {
      const trace = schema.safeParse(each);
      if (!trace.success) this.#damaged(z.prettifyError(trace.error));
      // A trace without a segment has been announced, not delivered.
      else if (trace.data.Segments.length > 0) this.#join(trace.data as RawTrace);
    }
  }

  /** A trace's segments may be spread over pages. */
  #join(trace: RawTrace): void {
    const earlier = this.#traces.get(trace.Id);
    if (earlier === undefined) {
      this.#traces.set(trace.Id, trace);
      return;
    }
    const known = new Set(earlier.Segments.map(({ Id }) => Id));
    earlier.Segments.push(...trace.Segments.filter(({ Id }) => !known.has(Id)));
  }

  read(): ReadTrace[] {
    return [...this.#traces.values()].map(readTrace);
  }
}

function readTrace(trace: RawTrace): ReadTrace {
  const segments = trace.Segments.map(({ Id, Document }) => `${Id}:${Document.length}`);
  return {
    id: trace.Id,
    trace,
    // Short: there may be a hundred thousand to remember.
    shape: hash('md5', segments.sort().join(' '), 'base64'),
    unfinished: trace.Segments.some(({ Document }) => isUnfinished(Document)),
    limitExceeded: trace.LimitExceeded === true,
  };
}

/** A segment in progress, or a document that is cut off. */
export function isUnfinished(document: string): boolean {
  return !document.trimEnd().endsWith('}') || /"in_progress"\s*:\s*true/.test(document);
}
