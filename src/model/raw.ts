/**
 * Files of a trial's `raw/` folder: what the engine and AWS said, before it is understood.
 * Engines and collectors write them, merge reads them. JSON lines are gzip-compressed.
 */
export const RAW_FILES = {
  /** The plan the engine ran: a LoadPlan without headers' values, keys and the rows of variables. */
  loadPlan: 'load-plan.json',
  /** k6's samples: see k6-samples.ts. Removed after the merge unless they are to be kept. */
  k6Samples: 'k6.csv',
  /** k6's own end-of-test summary (JSON) and its log. */
  k6Summary: 'k6-summary.json',
  k6Log: 'k6.log',
  /** One line a trace: RawTrace. */
  traces: 'xray.jsonl.gz',
  /** One line an event of FilterLogEvents: RawLogEvent. */
  logs: 'logs.jsonl.gz',
  /** One JSON array of RawMetric. */
  metrics: 'cloudwatch.json',
  /** Traces and REPORT lines as rows, made of the above as it came: see src/store/telemetry. */
  spanRows: 'spans.parquet',
  traceRows: 'traces.parquet',
  reportRows: 'reports.parquet',
  /** Requests as rows, made of k6's samples when they are read first; gone after the merge. */
  requestRows: 'k6-requests.parquet',
} as const;

/** A trace as BatchGetTraces gives it. `Document` is a JSON string. */
export interface RawTrace {
  Id: string;
  Duration?: number;
  LimitExceeded?: boolean;
  Segments: { Id: string; Document: string }[];
}

/** An event as FilterLogEvents gives it; instants in milliseconds. */
export interface RawLogEvent {
  eventId: string;
  logStreamName: string;
  timestamp: number;
  ingestionTime: number;
  message: string;
}

/** One series of GetMetricData with the query it answers; `timestamps` in ISO 8601. */
export interface RawMetric {
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  statistic: string;
  unit: string | null;
  periodS: number;
  timestamps: string[];
  values: number[];
}
