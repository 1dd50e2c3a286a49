import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback } from '../aws/clients.ts';
import { isExpected, ToolError, UsageError } from '../base/errors.ts';
import { makeFolder } from '../base/files.ts';
import { addRaw, countRaw, type RawCounts } from '../collectors/raw-folder.ts';
import { notAskedCode } from '../collectors/shared/job.ts';
import { tracesOf } from '../collectors/xray/raw-traces.ts';
import { readSent } from '../merge/sent-again.ts';
import type { AwsAccess, Collector } from '../model/ports.ts';
import type { RawLogEvent } from '../model/raw.ts';
import type { Run, TelemetryPlace } from '../model/run.ts';
import type { Trial } from '../model/trial.ts';
import type { RunFolder, TrialFolder } from '../store/run-store.ts';
import { isNewer, type MeasuredTrial, mergeAgain } from './merge-again.ts';
import { analyseFolder } from './replay.ts';
import { endpointAt } from './telemetry-place.ts';

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
    const nextStartedUs = Math.min(...starts.filter((start) => start >= record.window.endedUs));
    const one = await collectTrial(job, { cell, place, trial, record, sent, nextStartedUs });
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

interface TrialJob extends MeasuredTrial {
  place: TelemetryPlace;
  /** When the next trial began. */
  nextStartedUs: number;
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
      endpoint: endpointAt(place, job.credentials),
      window: record.window,
      expectedReports: sent.expectedReports,
      rawFolder: scratch,
      deadlineMs: job.waitMs,
      signal: job.signal,
    };
    const outcomes = await Promise.all(
      job.collectors.map((collector) =>
        collector.collect({
          ...asked,
          // By all of them logs are told from another trial's.
          traceIds: collector.name === 'xray' ? missing : sent.traceIds,
        }),
      ),
    );
    job.signal.throwIfAborted();
    const isOwn = (event: RawLogEvent) =>
      event.timestamp * 1000 < one.nextStartedUs || hasTraceId(event);
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
