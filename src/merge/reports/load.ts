import { hash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { REPORT_COLUMNS, type ReportEvent, ReportRows } from '../../store/telemetry/report-rows.ts';
import { isCurrent } from '../../store/telemetry/row-file.ts';
import { readJsonLines } from '../json-lines.ts';
import type { Problems } from '../problems.ts';

/**
 * Makes the view `reports` of the rows the collector wrote beside the raw events; where those are
 * newer, of the events themselves. False where there are none.
 */
export async function loadReports(
  database: Database,
  rawFolder: string,
  tempFolder: string,
  problems: Problems,
): Promise<boolean> {
  const raw = join(rawFolder, RAW_FILES.logs);
  const ready = join(rawFolder, RAW_FILES.reportRows);
  const isReady = isCurrent(ready, raw);
  if (!isReady && !existsSync(raw)) {
    const columns = Object.entries(REPORT_COLUMNS).map(([name, type]) => `${name} ${type}`);
    await database.run(`create table reports (${columns.join(', ')}, rk ubigint, tk ubigint)`);
    return false;
  }
  if (!isReady) await makeRows(raw, tempFolder, problems);
  const file = isReady ? ready : join(tempFolder, RAW_FILES.reportRows);
  await database.run(
    `create view reports as
     select * exclude (problem), hash(request_id) as rk,
       case when trace_id is not null then hash(trace_id) end as tk
     from read_parquet(${literal(file)}) where problem is null`,
  );
  const damaged = await database.rows<{ problem: string; times: number }>(
    `select problem, count(*) as times from read_parquet(${literal(file)})
     where problem is not null group by 1 order by 1`,
  );
  for (const { problem, times } of damaged) problems.add(RAW_FILES.logs, problem, times);
  return true;
}

async function makeRows(raw: string, tempFolder: string, problems: Problems): Promise<void> {
  const damage = (description: string) => problems.add(RAW_FILES.logs, description);
  const rows = new ReportRows(tempFolder);
  const seen = new Set<string>();
  try {
    await readJsonLines(
      raw,
      (line) => {
        // Most lines are START, END and the handler's own: a look at the text spares their parsing.
        if (!line.includes('REPORT') && !line.includes('platform.report')) return undefined;
        const event = parseEvent(line);
        if (event === null) {
          damage('a line is not a log event');
          return undefined;
        }
        // A page that was asked for twice brings its events twice.
        const key = hash(
          'md5',
          `${event.environment} ${event.timestampMs} ${event.message}`,
          'base64',
        );
        if (seen.has(key)) return undefined;
        seen.add(key);
        return rows.add(event);
      },
      damage,
    );
    await rows.finish({ tempFolder: join(tempFolder, 'rows'), memoryMb: 384 });
  } finally {
    await rows.discard();
    rmSync(join(tempFolder, 'rows'), { recursive: true, force: true });
  }
}

function parseEvent(line: string): ReportEvent | null {
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
