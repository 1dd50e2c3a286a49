import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { parseTrace } from '../../store/telemetry/parse-trace.ts';
import { isCurrent } from '../../store/telemetry/row-file.ts';
import { TRACE_COLUMNS, TraceRows } from '../../store/telemetry/trace-rows.ts';
import { readJsonLines } from '../json-lines.ts';
import type { Problems } from '../problems.ts';

/**
 * Makes the view `traces` of the rows the collector wrote beside the raw documents; where those are
 * newer (a trial of an earlier version, one that more was read of) of the documents themselves.
 * @returns the Parquet file of the spans; null where there are no traces.
 */
export async function loadTraces(
  database: Database,
  rawFolder: string,
  tempFolder: string,
  problems: Problems,
): Promise<string | null> {
  const raw = join(rawFolder, RAW_FILES.traces);
  const rows = [RAW_FILES.spanRows, RAW_FILES.traceRows].map((file) => join(rawFolder, file));
  const ready = rows.every((file) => isCurrent(file, raw));
  const found = ready || existsSync(raw);
  const folder = ready ? rawFolder : tempFolder;
  if (!ready && found) await makeRows(raw, tempFolder, problems);
  const columns = Object.entries(TRACE_COLUMNS).map(([name, type]) => `${name} ${type}`);
  await database.run(
    found
      ? `create view traces as select *, hash(trace_id) as tk from read_parquet(${literal(join(folder, RAW_FILES.traceRows))})`
      : `create table traces (${columns.join(', ')}, tk ubigint)`,
  );
  const damaged = await database.rows<{ problems: string }>(
    'select problems from traces where problems is not null',
  );
  for (const each of damaged) {
    for (const problem of each.problems.split('\n')) problems.add(RAW_FILES.traces, problem);
  }
  return found ? join(folder, RAW_FILES.spanRows) : null;
}

async function makeRows(raw: string, tempFolder: string, problems: Problems): Promise<void> {
  const damage = (description: string) => problems.add(RAW_FILES.traces, description);
  const rows = new TraceRows(tempFolder);
  const seen = new Set<string>();
  try {
    await readJsonLines(
      raw,
      (line) => {
        // What is malformed within a trace comes back with its row.
        const unread: string[] = [];
        const trace = parseTrace(line, (description) => unread.push(description));
        if (trace === null) {
          for (const description of unread) damage(description);
          return undefined;
        }
        if (seen.has(trace.id)) {
          damage(`trace ${trace.id} is there twice`);
          return undefined;
        }
        seen.add(trace.id);
        return rows.add(trace, false);
      },
      damage,
    );
    await rows.finish({ tempFolder: join(tempFolder, 'rows'), memoryMb: 384 });
  } finally {
    await rows.discard();
    rmSync(join(tempFolder, 'rows'), { recursive: true, force: true });
  }
}
