/** What a REPORT line says; durations in microseconds. */
export interface Report {
  requestId: string;
  traceId: string | null;
  /** Init Duration, or Restore Duration with SnapStart. */
  initUs: number | null;
  durationUs: number;
  billedUs: number | null;
  memoryMb: number | null;
  maxMemoryMb: number | null;
  status: 'success' | 'error' | 'timeout';
}

/** The message is a report, is something else (null), or is a report that cannot be read. */
export type ReportResult = Report | null | { problem: string };

/** Reads a log event's message: text format, or JSON format's `platform.report`. Never throws. */
export function parseReport(message: string): ReportResult {
  if (message.startsWith('REPORT RequestId:')) return parseText(message);
  if (message.startsWith('{') && message.includes('"platform.report"')) return parseJson(message);
  return null;
}

/**
 * `REPORT RequestId: <id>\tDuration: 1.50 ms\t…\t\nXRAY TraceId: 1-…\tSegmentId: …\tSampled: true\t\n`;
 * the XRAY part, Init Duration, Restore Duration, Status and Error Type may be absent.
 */
function parseText(message: string): Report | { problem: string } {
  const fields = new Map<string, string>();
  for (const part of message.split(/[\t\n]/)) {
    const colon = part.indexOf(': ');
    if (colon > 0) fields.set(part.slice(0, colon).trim(), part.slice(colon + 2).trim());
  }
  const requestId = fields.get('REPORT RequestId');
  const durationUs = msField(fields.get('Duration'));
  if (!requestId) return { problem: 'a REPORT line has no RequestId' };
  if (durationUs === null) return { problem: `REPORT of ${shown(requestId)} has no Duration` };
  return {
    requestId,
    traceId: fields.get('XRAY TraceId') || null,
    initUs: msField(fields.get('Init Duration')) ?? msField(fields.get('Restore Duration')),
    durationUs,
    billedUs: msField(fields.get('Billed Duration')),
    memoryMb: mbField(fields.get('Memory Size')),
    maxMemoryMb: mbField(fields.get('Max Memory Used')),
    status: statusOf(fields.get('Status'), fields.has('Error Type')),
  };
}

function parseJson(message: string): ReportResult {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return { problem: 'a platform.report event is not JSON' };
  }
  if (!isFields(value) || value.type !== 'platform.report') return null;
  const { record } = value;
  if (!isFields(record)) return { problem: 'a platform.report event has no record' };
  const { requestId, metrics } = record;
  if (typeof requestId !== 'string' || requestId === '') {
    return { problem: 'a platform.report event has no requestId' };
  }
  const durationUs = isFields(metrics) ? usOf(metrics.durationMs) : null;
  if (!isFields(metrics) || durationUs === null) {
    return { problem: `platform.report of ${shown(requestId)} has no durationMs` };
  }
  return {
    requestId,
    traceId: tracingId(record.tracing),
    initUs: usOf(metrics.initDurationMs) ?? usOf(metrics.restoreDurationMs),
    durationUs,
    billedUs: usOf(metrics.billedDurationMs),
    memoryMb: mbOf(metrics.memorySizeMB),
    maxMemoryMb: mbOf(metrics.maxMemoryUsedMB),
    status: statusOf(record.status, typeof record.errorType === 'string'),
  };
}

/** `{spanId, type, value: "Root=1-…;Parent=…;Sampled=1"}` */
function tracingId(tracing: unknown): string | null {
  if (!isFields(tracing) || typeof tracing.value !== 'string') return null;
  return /(?:^|;)\s*Root=([^;\s]+)/i.exec(tracing.value)?.[1] ?? null;
}

function statusOf(status: unknown, hasErrorType: boolean): Report['status'] {
  if (status === 'timeout') return 'timeout';
  if (status === 'error' || status === 'failure') return 'error';
  return hasErrorType ? 'error' : 'success';
}

function msField(text: string | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?) ms$/.exec(text ?? '');
  return match === null ? null : usOf(Number(match[1]));
}

function mbField(text: string | undefined): number | null {
  const match = /^(\d+) MB$/.exec(text ?? '');
  return match === null ? null : mbOf(Number(match[1]));
}

function usOf(ms: unknown): number | null {
  return typeof ms === 'number' && ms >= 0 && ms < 1e9 ? Math.round(ms * 1000) : null;
}

function mbOf(mb: unknown): number | null {
  return typeof mb === 'number' && Number.isInteger(mb) && mb >= 0 && mb < 1e9 ? mb : null;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(id: string): string {
  return JSON.stringify(id.slice(0, 40));
}
