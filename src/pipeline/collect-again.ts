import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback } from '../aws/clients.ts';
import { isExpected, ToolError, UsageError } from '../base/errors.ts';
import { makeFolder } from '../base/files.ts';
import { addRaw, countRaw, type RawCounts, tracesOf } from '../collectors/raw-folder.ts';
import { notAskedCode } from '../collectors/shared/job.ts';
import { mergeTrial } from '../merge/merge-trial.ts';
import { readSent } from '../merge/sent-again.ts';
import { ENDPOINT_FRONTS } from '../model/endpoint.ts';
import type { AwsAccess, Collector, ProvisionedEndpoint } from '../model/ports.ts';
import { RAW_FILES, type RawLogEvent } from '../model/raw.ts';
import type { Run, TelemetryPlace } from '../model/run.ts';
import type { Collection, Trial } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';
import type { RunFolder, TrialFolder } from '../store/run-store.ts';
import { analyseFolder } from './replay.ts';
import { traceDeadlineMs } from './trace-deadline.ts';

export interface CollectAgainJob {
  folder: RunFolder;
  collectors: readonly Collector[];
  /** Keys for the places' AWS; null: the SDK's default chain. */
  credentials: AwsAccess['credentials'];
  /** What is not there yet is waited for this long; reading what is there takes the time it takes. */
  waitMs: number;
  signal: AbortSignal;
  sink(event: CollectedTrial): void;
}

/** What there is of a trial's telemetry, before and after. */
export interface CollectedTrial {
  cellId: string;
  trial: number;
  before: RawCounts;
  after: RawCounts;
  expected: { traces: number; reports: number };
  /** Whether its tables were made again. */
  merged: boolean;
  /** Why something could not be read. */
  problems: string[];
}

/** Warnings of collecting and merging, which a later collection tells anew. */
const TOLD_ANEW =
  /^(xray|logs|cloudwatch|insights|traces|trace-ids|trace-destination|transaction|reports|metrics)-|^(no-traces|no-reports|no-metrics|init-disagreement|negative-parts|no-gateway-segment|no-backend-spans|lost-samples)$/;

function isToldAnew({ code, message }: Warning): boolean {
  // What was damaged of the samples is not read again.
  const damaged = code === 'damaged-raw-data' && !message.startsWith(RAW_FILES.k6Samples);
  return damaged || TOLD_ANEW.test(code);
}

/**
 * Reads what was late or is missing of a run's telemetry, adds it to the raw files, merges the trials
 * it belongs to and analyses the run again. What is there already is neither read nor written twice, so
 * it can be done as often as one likes.
 *
 * @throws UsageError for a run that has no telemetry on AWS; ToolError where it can no longer be read,
 *   after what could be is in place
 */
export async function collectAgain(job: CollectAgainJob): Promise<CollectedTrial[]> {
  const { folder } = job;
  const run = folder.readRun();
  if (run.telemetry.length === 0) {
    throw new UsageError(
      `the run ${folder.runId} has no telemetry on AWS: that of a local run goes with it, and is collected while it runs`,
    );
  }
  await checkLoopback(run);
  const trials = recordsOf(folder);
  const starts = trials.map(({ record }) => record.window.startedUs);
  const collected: CollectedTrial[] = [];
  const problems = new Set<string>();
  for (const { trial, record } of trials) {
    const place = run.telemetry.find(({ cellId }) => cellId === trial.cellId);
    const cell = run.plan.cells.find(({ id }) => id === trial.cellId);
    if (place === undefined || cell === undefined) continue;
    const sent = await readSent(trial.path);
    if (sent === null) continue;
    // What is reported from then on without a trace id may be the next trial's.
    const later = Math.min(...starts.filter((startedUs) => startedUs >= record.window.endedUs));
    const one = await collectTrial(job, { run, place, trial, record, sent, later });
    collected.push(one);
    job.sink(one);
    for (const problem of one.problems) problems.add(problem);
    // Without credentials the next trial fails likewise.
    if (one.problems.some((problem) => problem.includes('credentials'))) break;
  }
  if (collected.some(({ merged }) => merged)) await analyseFolder(folder);
  if (problems.size > 0) {
    throw new ToolError(`${[...problems].join('; ')}; then "bench collect ${folder.runId}"`);
  }
  return collected;
}

interface TrialJob {
  run: Run;
  place: TelemetryPlace;
  trial: TrialFolder;
  record: Trial;
  sent: NonNullable<Awaited<ReturnType<typeof readSent>>>;
  later: number;
}

async function collectTrial(job: CollectAgainJob, one: TrialJob): Promise<CollectedTrial> {
  const { trial, record, sent, place } = one;
  const { rawPath } = trial;
  const scratch = join(rawPath, 'again');
  rmSync(scratch, { recursive: true, force: true });
  makeFolder(scratch);
  try {
    const before = await countRaw(rawPath, sent.traceIds);
    const { ids, unfinished } = await tracesOf(rawPath);
    const missing = sent.traceIds.filter((id) => !ids.has(id) || unfinished.has(id));
    const asked = {
      endpoint: endpointOf(place, job.credentials),
      window: record.window,
      expectedReports: sent.expectedReports,
      rawFolder: scratch,
      signal: job.signal,
    };
    const outcomes = await Promise.all(
      job.collectors.map((collector) =>
        collector.collect(
          collector.name === 'xray'
            ? {
                ...asked,
                traceIds: missing,
                deadlineMs: traceDeadlineMs(job.waitMs, missing.length),
              }
            : { ...asked, traceIds: sent.traceIds, deadlineMs: job.waitMs },
        ),
      ),
    );
    job.signal.throwIfAborted();
    const isOwn = (event: RawLogEvent) => event.timestamp * 1000 < one.later || hasTraceId(event);
    await addRaw(rawPath, scratch, isOwn);
    const after = await countRaw(rawPath, sent.traceIds);
    const changed = isNewer(rawPath, trial.path);
    if (changed) await mergeAgain(one, after, outcomes);
    return {
      cellId: trial.cellId,
      trial: trial.trial,
      before,
      after,
      expected: { traces: sent.traceIds.length, reports: sent.expectedReports },
      merged: changed,
      problems: outcomes.flatMap(({ collection, warnings }) =>
        warnings.some(({ code }) => code === notAskedCode(collection.collector))
          ? []
          : (collection.message ?? []),
      ),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Its trace id says whose it is. */
function hasTraceId({ message }: RawLogEvent): boolean {
  return /\b1-[0-9a-f]{8}-[0-9a-f]{24}\b/.test(message);
}

async function mergeAgain(
  { run, trial, record, sent }: TrialJob,
  after: RawCounts,
  outcomes: readonly { collection: Collection; warnings: Warning[] }[],
): Promise<void> {
  const cell = run.plan.cells.find(({ id }) => id === trial.cellId);
  if (cell === undefined) return;
  const { counts, warnings } = await mergeTrial({ trialFolder: trial.path, cell });
  const { cellId } = trial;
  record.merge = counts;
  record.collections = outcomes.map(({ collection }) => {
    const { expected, found } = countsOf(collection, after, sent);
    const whole = expected !== null && found >= expected;
    return { ...collection, expected, found, ended: whole ? 'complete' : collection.ended };
  });
  // The collectors know of what they were asked for, which was what was missing.
  const told = outcomes
    .flatMap((outcome) => outcome.warnings)
    .filter(({ code }) => code !== 'traces-missing' && code !== 'reports-missing');
  const placed = [...told, ...missing(record.collections), ...warnings].map((warning) => ({
    ...warning,
    cellId,
    trial: trial.trial,
  }));
  record.warnings = [...record.warnings.filter((warning) => !isToldAnew(warning)), ...placed];
  trial.write(record);
}

/** What is still missing of all. */
function missing(collections: readonly Collection[]): Warning[] {
  const kinds = { xray: 'traces', logs: 'REPORT lines', cloudwatch: null };
  return collections.flatMap(({ collector, expected, found, ended }) => {
    const kind = kinds[collector];
    if (kind === null || expected === null || ended === 'complete') return [];
    const code = collector === 'xray' ? 'traces-missing' : 'reports-missing';
    const message = `${expected - found} of ${expected} ${kind} were not found; "bench collect" reads what is there by then`;
    return found < expected ? [{ code, severity: 'doubtful', message }] : [];
  });
}

function countsOf(
  { collector, expected }: Collection,
  after: RawCounts,
  sent: TrialJob['sent'],
): Pick<Collection, 'expected' | 'found'> {
  if (collector === 'xray') return { expected: sent.traceIds.length, found: after.traces };
  if (collector === 'logs') return { expected: sent.expectedReports, found: after.reports };
  return { expected, found: after.metrics };
}

/** Raw telemetry that is not in the tables yet, of this collection or of one that was cut short. */
function isNewer(rawPath: string, trialPath: string): boolean {
  const changed = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const merged = changed(join(trialPath, 'requests.parquet'));
  return [RAW_FILES.traces, RAW_FILES.logs, RAW_FILES.metrics].some(
    (file) => changed(join(rawPath, file)) > merged,
  );
}

/** The trials that can be read; the analysis tells of the others. */
function recordsOf(folder: RunFolder): { trial: TrialFolder; record: Trial }[] {
  return folder.trials().flatMap((trial) => {
    try {
      const record = trial.read();
      return record === null ? [] : [{ trial, record }];
    } catch (error) {
      if (!isExpected(error)) throw error;
      return [];
    }
  });
}

function endpointOf(
  place: TelemetryPlace,
  credentials: AwsAccess['credentials'],
): ProvisionedEndpoint {
  const { region, awsEndpoint, functionName, qualifier, logGroup, frontDimensions } = place;
  return {
    url: '',
    asEvent: false,
    signing: null,
    headers: {},
    front: ENDPOINT_FRONTS.find((front) => front === place.front) ?? 'other',
    memoryMb: null,
    functionName,
    qualifier,
    logGroup,
    frontDimensions,
    traced: place.traced,
    aws: { region, endpoint: awsEndpoint, credentials },
  };
}

/** A run against an emulator or another stand-in on this machine, which may be gone. */
async function checkLoopback(run: Run): Promise<void> {
  const endpoints = new Set(
    run.telemetry.flatMap(({ region, awsEndpoint: endpoint }) =>
      endpoint !== null && isLoopback({ region, endpoint, credentials: null }) ? [endpoint] : [],
    ),
  );
  for (const endpoint of endpoints) {
    await fetch(endpoint, { signal: AbortSignal.timeout(5000) }).catch(() => {
      throw new ToolError(
        `the telemetry of the run ${run.runId} was kept by ${endpoint} on this machine, which answers no longer: what it had not given is gone`,
      );
    });
  }
}
