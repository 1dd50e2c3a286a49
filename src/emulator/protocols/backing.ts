import type { InvokeMode } from '../fronts/front-settings.ts';
import type { XRayDocument } from '../telemetry/documents.ts';
import type { LogBook } from '../telemetry/log-book.ts';
import type { MetricBook } from '../telemetry/metric-book.ts';
import type { FunctionHost, InvocationRequest, InvocationResult } from '../types.ts';

/** What the services answer from. */
export interface Backing {
  readonly region: string;
  readonly accountId: string;
  readonly functions: Omit<FunctionHost, 'invoke' | 'create' | 'close'>;
  /** Counted among running executions. Never rejects. */
  invoke(request: InvocationRequest): Promise<InvocationResult>;
  /** Of a function with such a front; the newest of several. */
  functionUrl(functionName: string): FunctionUrl | undefined;
  readonly traces: TraceStore;
  readonly logs: LogBook;
  readonly metrics: MetricBook;
  /** Whether an Invoke without a decision in its trace header is traced. */
  sample(): boolean;
}

export interface FunctionUrl {
  url: string;
  invokeMode: InvokeMode;
  createdMs: number;
}

export interface TraceStore {
  /** Segments of each trace; none where the trace is not known. */
  segments(traceIds: readonly string[]): Promise<XRayDocument[][]>;
  /** Ids of traces, newest first, by the time within the id or when their first record came. */
  tracesBetween(by: 'id' | 'arrival', startS: number, endS: number): string[];
  /** A segment document as clients send it, which parseDocument has found sound. */
  receive(traceId: string, document: string): void;
}
