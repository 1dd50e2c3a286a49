import { hash } from 'node:crypto';
import { z } from 'zod';
import type { RawTrace } from '../../model/raw.ts';
import { isPlainTrace, traceLines } from './trace-lines.ts';

/** A trace as read once. */
export interface ReadTrace {
  id: string;
  trace: RawTrace;
  /** The trace as a line of the raw file, where it is there in bytes already. */
  line: Buffer | null;
  /** A segment is in progress, or its document is cut off. */
  unfinished: boolean;
  limitExceeded: boolean;
}

const segmentSchema = z.object({ Id: z.string(), Document: z.string() });
const traceSchema = z.object({
  Id: z.string(),
  Duration: z.number().nullish(),
  LimitExceeded: z.boolean().nullish(),
  Segments: z.array(segmentSchema),
});
/** ListRetrievedTraces calls segments spans. */
const retrievedSchema = traceSchema
  .omit({ Segments: true })
  .extend({ Spans: z.array(segmentSchema) })
  .transform(({ Spans, ...trace }) => ({ ...trace, Segments: Spans }));
const answerSchema = z.object({ Traces: z.array(z.unknown()).nullish() });

/** Collects the traces of a call's pages; what cannot be read is told and left out. */
export class TracePages {
  readonly #traces = new Map<string, ReadTrace>();
  readonly #damaged: (problem: string) => void;

  constructor(damaged: (problem: string) => void) {
    this.#damaged = damaged;
  }

  /**
   * Adds a page of BatchGetTraces or of ListRetrievedTraces.
   * @param bytes the page was read of; they are overwritten
   */
  add(answer: { Traces?: unknown }, kind: 'batch' | 'retrieved', bytes?: Buffer): void {
    const { Traces } = answer;
    if (kind === 'batch' && Array.isArray(Traces) && Traces.every(isPlainTrace)) {
      const lines = bytes === undefined ? null : traceLines(bytes, Traces);
      for (const [i, trace] of Traces.entries()) this.#join(trace, lines?.[i] ?? null);
      return;
    }
    const envelope = answerSchema.safeParse(answer);
    if (!envelope.success) {
      this.#damaged(z.prettifyError(envelope.error));
      return;
    }
    const schema = kind === 'batch' ? traceSchema : retrievedSchema;
    for (const each of envelope.data.Traces ?? []) {
      const trace = schema.safeParse(each);
      if (!trace.success) this.#damaged(z.prettifyError(trace.error));
      else this.#join(withoutNulls(trace.data), null);
    }
  }

  /** A trace's segments may be spread over pages. */
  #join(trace: RawTrace, line: Buffer | null): void {
    // A trace without a segment has been announced, not delivered.
    if (trace.Segments.length === 0) return;
    const earlier = this.#traces.get(trace.Id);
    if (earlier === undefined) {
      this.#traces.set(trace.Id, readTrace(trace, line));
      return;
    }
    const whole = earlier.trace;
    const known = new Set(whole.Segments.map(({ Id }) => Id));
    whole.Segments.push(...trace.Segments.filter(({ Id }) => !known.has(Id)));
    this.#traces.set(trace.Id, readTrace(whole, null));
  }

  read(): ReadonlyMap<string, ReadTrace> {
    return this.#traces;
  }
}

function withoutNulls({ Id, Duration, LimitExceeded, Segments }: z.infer<typeof traceSchema>) {
  return {
    Id,
    ...(typeof Duration === 'number' ? { Duration } : {}),
    ...(typeof LimitExceeded === 'boolean' ? { LimitExceeded } : {}),
    Segments,
  };
}

function readTrace(trace: RawTrace, line: Buffer | null): ReadTrace {
  return {
    id: trace.Id,
    trace,
    line,
    unfinished: trace.Segments.some(({ Document }) => isUnfinished(Document)),
    limitExceeded: trace.LimitExceeded === true,
  };
}

/** Equal for two reads that show the same segments. Short: there may be a hundred thousand to remember. */
export function shapeOf({ Segments }: RawTrace): string {
  const segments = Segments.map(({ Id, Document }) => `${Id}:${Document.length}`);
  return hash('md5', segments.sort().join(' '), 'base64');
}

/** A segment in progress, or a document that is cut off. */
export function isUnfinished(document: string): boolean {
  return (
    !document.trimEnd().endsWith('}') ||
    // Told apart from nearly all by the faster search.
    (document.includes('in_progress') && /"in_progress"\s*:\s*true/.test(document))
  );
}
