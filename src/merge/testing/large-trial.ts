import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../base/random.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { readTrace } from '../../store/telemetry/parse-trace.ts';
import { ReportRows } from '../../store/telemetry/report-rows.ts';
import { TraceRows } from '../../store/telemetry/trace-rows.ts';
import {
  CSV_HEADER,
  csvRows,
  type KnownRequest,
  rawTrace,
  reportEvent,
  requestIdOf,
} from './known-request.ts';
import { packedRows } from './packed-rows.ts';
import { jsonLines, knownRequests } from './raw-trial.ts';

const AT_A_TIME = 5000;

/**
 * As writeRawTrial, in pieces, for more requests than fit into memory as text; with all 13 rows k6
 * writes a request (1.35 KB), and the rows the collectors make of what they read.
 */
export async function writeLargeTrial(
  trialFolder: string,
  count: number,
  random: Random,
): Promise<void> {
  const raw = join(trialFolder, 'raw');
  mkdirSync(raw, { recursive: true });
  const requests = knownRequests(count, random, { ratePerS: 500 });
  writeFileSync(join(raw, RAW_FILES.k6Samples), `${CSV_HEADER}\n`);
  for (const file of [RAW_FILES.traces, RAW_FILES.logs]) rmSync(join(raw, file), { force: true });
  const traceRows = new TraceRows(raw);
  const reportRows = new ReportRows(raw);
  for (let from = 0; from < count; from += AT_A_TIME) {
    const piece = requests.slice(from, from + AT_A_TIME);
    const traces = piece.map((known) =>
      rawTrace(known, { documents: 'old', clock: 'milliseconds' }),
    );
    const events = piece.map(reportEvent);
    appendFileSync(join(raw, RAW_FILES.k6Samples), piece.map(allRows).join(''));
    appendFileSync(join(raw, RAW_FILES.traces), jsonLines(traces));
    appendFileSync(join(raw, RAW_FILES.logs), jsonLines(events));
    for (const trace of traces) {
      const parsed = readTrace(trace);
      if (parsed !== null) await traceRows.add(parsed, false);
    }
    for (const { logStreamName, timestamp, message } of events) {
      await reportRows.add({ environment: logStreamName, timestampMs: timestamp, message });
    }
  }
  const tempFolder = join(raw, 'rows-temp');
  await traceRows.finish({ tempFolder });
  await reportRows.finish({ tempFolder });
  rmSync(tempFolder, { recursive: true });
}

function allRows(known: KnownRequest): string {
  const earlier = csvRows(known).replace(/\n$/, `&request_id=${requestIdOf(known)}\n`);
  return packedRows(known, earlier);
}
