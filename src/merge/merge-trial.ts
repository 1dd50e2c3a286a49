import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES } from '../model/raw.ts';
import type { Cell } from '../model/run.ts';
import type { MergeCounts } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';
import { Database, type DatabaseOptions } from '../store/tables/database.ts';
import { breakDown } from './breakdown.ts';
import { joinAll, joinTelemetry } from './join.ts';
import { inGivenOrder } from './join-keys.ts';
import { loadMetrics } from './metrics.ts';
import { Problems } from './problems.ts';
import { loadReports } from './reports/load.ts';
import { resolveTraceIds } from './resolve.ts';
import { tellSamples } from './samples/import.ts';
import { dropRequests } from './samples/kept-requests.ts';
import { readRequests } from './samples/requests.ts';
import { loadTraces } from './traces/load.ts';
import { partial, publishTables, takeSpans, writeTable } from './write-tables.ts';

export { readLoad } from './samples/load.ts';

/** With 500,000 requests the process then stays below 1 GB. */
const MEMORY_MB = 640;

export interface MergeJob {
  /** Holds `raw/`; gets the Parquet files. */
  trialFolder: string;
  cell: Cell;
  /** Memory and threads of DuckDB, and where it spills. @default a folder in the trial's, removed */
  database?: Partial<DatabaseOptions>;
}

/**
 * Merges a trial's raw files into its five tables; runs again from disk at any time. Where k6's
 * samples are gone (they are removed after the merge unless kept) the requests come from the
 * requests.parquet of the earlier merge, so telemetry that came late can still be joined.
 * Throws ToolError where there are neither.
 */
export async function mergeTrial(
  job: MergeJob,
): Promise<{ counts: MergeCounts; warnings: Warning[] }> {
  const rawFolder = join(job.trialFolder, 'raw');
  const problems = new Problems();
  const warnings: Warning[] = [];
  const note = (code: string, severity: Warning['severity'], message: string) =>
    warnings.push({ code, severity, message });
  const tempFolder = job.database?.tempFolder ?? join(job.trialFolder, 'merge-temp');
  const database = await Database.open({ memoryMb: MEMORY_MB, ...job.database, tempFolder });
  try {
    const [makeSent, { spansFile, hasReports }] = await bothOf(
      readRequests(job.trialFolder, tempFolder),
      loadTelemetry(database, rawFolder, tempFolder, problems),
    );
    const hasTraces = spansFile !== null;
    const samples = await makeSent(database);
    tellSamples(samples, problems);
    const spans = await takeSpans(database, spansFile, job.trialFolder);
    await resolveTraceIds(database);
    await inGivenOrder(database, () =>
      writeTable(database, 'requests', 'requests', job.trialFolder),
    );
    await joinAll(database, partial(job.trialFolder, 'requests'));
    const joined = await database.row<JoinCounts>(JOIN_COUNTS);
    if (samples.unfinished > 0) {
      note(
        'unfinished-requests',
        'note',
        `requests under way when the load ended, left out: ${samples.unfinished}`,
      );
    }
    if (samples.lostSamples > 0) {
      note(
        'lost-samples',
        'doubtful',
        `requests that were sent and whose samples k6 did not write: ${samples.lostSamples}`,
      );
    }
    // An endpoint of the user's may have neither: its checks say what is known of it.
    const lacking = job.cell.endpoint.server === null ? 'note' : 'doubtful';
    if (!hasTraces && joined.traceable > 0) {
      const instead = hasReports ? ': REPORT lines stand in' : '';
      note('no-traces', lacking, `there are no traces (${RAW_FILES.traces})${instead}`);
    }
    if (!hasReports) {
      note('no-reports', lacking, `there are no REPORT lines (${RAW_FILES.logs})`);
    }
    if (!(await loadMetrics(database, join(rawFolder, RAW_FILES.metrics), problems))) {
      note('no-metrics', 'note', `there are no CloudWatch metrics (${RAW_FILES.metrics})`);
    }
    await writeTable(database, 'metrics', 'metrics', job.trialFolder);
    const invocations = await writeTable(database, 'invocations', 'invocations', job.trialFolder);
    const { negativeParts } = await breakDown(database, job.cell.endpoint.responseStreaming);
    await writeTable(database, 'breakdown', 'breakdown', job.trialFolder);
    publishTables(job.trialFolder);
    dropRequests(rawFolder);
    if (joined.disagreements > 0) {
      note(
        'init-disagreement',
        'doubtful',
        `${joined.disagreements} of ${joined.withBoth} requests with trace and REPORT line have an init in one of them, not in both`,
      );
    }
    if (negativeParts > 0) {
      note(
        'negative-parts',
        'doubtful',
        `${negativeParts} parts of breakdowns were below zero by more than a millisecond and were cut`,
      );
    }
    // Only X-Ray of REST APIs has a segment of the front: without it, front holds the network, too.
    if (job.cell.endpoint.front === 'rest-api' && joined.noGateway > 0) {
      note(
        'no-gateway-segment',
        'doubtful',
        `${joined.noGateway} traces lack the segment of the REST API: their front holds the network, too`,
      );
    }
    if (joined.withTrace > 0 && joined.withCalls === 0) {
      note(
        'no-backend-spans',
        'note',
        'no trace holds a call of the handler: what it waits for backends is part of handler',
      );
    }
    const { noGateway: _, withCalls: __, traceable: ___, ...counted } = joined;
    const counts = {
      ...counted,
      invocations,
      spans,
      damaged: problems.count,
      negativeParts,
      lostSamples: samples.lostSamples,
    };
    return { counts, warnings: [...problems.warnings(), ...warnings] };
  } finally {
    database.close();
    if (job.database?.tempFolder === undefined)
      rmSync(tempFolder, { recursive: true, force: true });
  }
}

/** Traces and REPORT lines, and what they say of each other. */
async function loadTelemetry(
  database: Database,
  rawFolder: string,
  tempFolder: string,
  problems: Problems,
): Promise<{ spansFile: string | null; hasReports: boolean }> {
  const spansFile = await loadTraces(database, rawFolder, tempFolder, problems);
  const hasReports = await loadReports(database, rawFolder, tempFolder, problems);
  await joinTelemetry(database);
  return { spansFile, hasReports };
}

/** Fails when both have ended: what one of them uses is not to be closed before. */
async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

type JoinCounts = Pick<
  MergeCounts,
  'requests' | 'reached' | 'withTrace' | 'withReport' | 'withBoth' | 'disagreements'
> & { sampled: number; traceable: number; noGateway: number; withCalls: number };

const JOIN_COUNTS = `
  select count(*) as requests,
    count(*) filter (sampled) as traceable,
    count(*) filter (reached) as reached,
    count(*) filter (reached and sampled) as sampled,
    count(*) filter (reached and invocation_us is not null) as "withTrace",
    count(*) filter (reached and has_report) as "withReport",
    count(*) filter (reached and has_report and invocation_us is not null) as "withBoth",
    count(*) filter (has_report and invocation_us is not null
      and (report_init_us is not null) <> has_init) as disagreements,
    count(*) filter (invocation_us is not null and gateway_us is null) as "noGateway",
    count(*) filter (backend_calls > 0) as "withCalls"
  from joined`;
