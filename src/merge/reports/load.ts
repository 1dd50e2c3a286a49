import type { DuckDBAppender } from '@duckdb/node-api';
import { RAW_FILES } from '../../model/raw.ts';
import type { Database } from '../../store/tables/database.ts';
import { readJsonLines } from '../json-lines.ts';
import type { Problems } from '../problems.ts';
import { parseReport, type Report } from './report-line.ts';

export const REPORT_TABLE = `
  create table reports (request_id varchar, trace_id varchar, environment varchar,
    reported_us bigint, init_us bigint, duration_us bigint, billed_us bigint, memory_mb integer,
    max_memory_mb integer, status varchar);`;

/** Reads the REPORT lines into the table `reports`. False where there is no such file. */
export async function loadReports(
  database: Database,
  file: string,
  problems: Problems,
): Promise<boolean> {
  await database.run(REPORT_TABLE);
  const rows = await database.appender('reports');
  const damage = (description: string) => problems.add(RAW_FILES.logs, description);
  const seen = new Set<string>();
  const found = await readJsonLines(
    file,
    (line) => {
      // Most lines are START, END and the handler's own: a look at the text spares their parsing.
      if (!line.includes('REPORT') && !line.includes('platform.report')) return;
      const event = parseEvent(line);
      if (event === null) return damage('a line is not a log event');
      const report = parseReport(event.message);
      if (report === null) return;
      if ('problem' in report) return damage(report.problem);
      // A page that was asked for twice brings its events twice.
      const key = `${report.requestId} ${event.environment} ${event.timestampMs}`;
      if (seen.has(key)) return;
      seen.add(key);
      append(rows, event, report);
    },
    damage,
  );
  rows.closeSync();
  return found;
}

interface Event {
  environment: string;
  timestampMs: number;
  message: string;
}

function parseEvent(line: string): Event | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (!('logStreamName' in value) || !('timestamp' in value) || !('message' in value)) return null;
  const { logStreamName, timestamp, message } = value;
  if (typeof logStreamName !== 'string' || typeof message !== 'string') return null;
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp * 1000)) return null;
  return { environment: logStreamName, timestampMs: timestamp, message };
}

function append(rows: DuckDBAppender, event: Event, report: Report): void {
  rows.appendVarchar(report.requestId);
  if (report.traceId === null) rows.appendNull();
  else rows.appendVarchar(report.traceId);
  rows.appendVarchar(event.environment);
  rows.appendBigInt(BigInt(event.timestampMs * 1000));
  whole(rows, report.initUs);
  whole(rows, report.durationUs);
  whole(rows, report.billedUs);
  number(rows, report.memoryMb);
  number(rows, report.maxMemoryMb);
  rows.appendVarchar(report.status);
  rows.endRow();
}

function whole(rows: DuckDBAppender, value: number | null): void {
  if (value === null) rows.appendNull();
  else rows.appendBigInt(BigInt(value));
}

function number(rows: DuckDBAppender, value: number | null): void {
  if (value === null) rows.appendNull();
  else rows.appendInteger(value);
}
