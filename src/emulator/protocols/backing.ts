import type { XRayDocument } from '../telemetry/documents.ts';
import type { LogBook } from '../telemetry/log-book.ts';
import type { MetricBook } from '../telemetry/metric-book.ts';
import type { FunctionHost } from '../types.ts';

/** What the services answer from. */
export interface Backing {
  region: string;
  accountId: string;
  functions: Pick<
    FunctionHost,
    | 'configuration'
    | 'update'
    | 'invoke'
    | 'logTail'
    | 'concurrency'
    | 'reserveConcurrency'
    | 'provisionConcurrency'
  >;
  segments(traceIds: readonly string[]): Promise<XRayDocument[][]>;
  logs: LogBook;
  metrics: MetricBook;
  /** Whether an Invoke without a decision in its trace header is traced. */
  sample(): boolean;
}
