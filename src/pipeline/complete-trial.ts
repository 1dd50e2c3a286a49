import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { mergeTrial, readLoad } from '../merge/merge-trial.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Trial } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';
import type { TrialFolder } from '../store/run-store.ts';
import type { LiveCell } from './provision.ts';
import type { RunSettings, RunSink, Tools } from './types.ts';

/** What is needed once the load has ended. */
export interface CompletionJob {
  live: Pick<LiveCell, 'cell' | 'endpoint'>;
  folder: TrialFolder;
  tools: Pick<Tools, 'collectors'>;
  settings: Pick<RunSettings, 'keepRaw' | 'collectDeadlineMs'>;
  sink: RunSink;
  signal: AbortSignal;
}

export type Warn = (warnings: readonly Warning[]) => void;

/**
 * Collects, unless that was done, and merges a trial whose load has ended, from what is on disk and what
 * AWS still has. Rejects as runTrial does.
 */
export async function completeTrial(job: CompletionJob, record: Trial): Promise<Trial> {
  record.warnings = record.warnings.filter(({ code }) => !ENDED_BY.test(code));
  return await recorded(job, record, (warn) => complete(job, record, warn));
}

const ENDED_BY = /^trial-(failed|interrupted)$/;

/** Does `work` on a trial and puts how it ended into its record, on disk when this settles. */
export async function recorded(
  job: CompletionJob,
  record: Trial,
  work: (warn: Warn) => Promise<void>,
): Promise<Trial> {
  const { cellId, trial } = record;
  const warn: Warn = (warnings) => {
    for (const warning of warnings) {
      const placed = { ...warning, cellId, trial };
      record.warnings.push(placed);
      job.sink({ kind: 'warning', warning: placed });
    }
  };
  try {
    await work(warn);
    record.status = 'finished';
  } catch (error) {
    record.window.endedUs = Math.max(record.window.endedUs, record.window.startedUs + 1);
    record.status = job.signal.aborted ? 'interrupted' : 'failed';
    warn([{ code: `trial-${record.status}`, severity: 'void', message: messageOf(error) }]);
    throw error;
  } finally {
    job.folder.write(record);
  }
  return record;
}

/** All that comes after the load. */
export async function complete(job: CompletionJob, record: Trial, warn: Warn): Promise<void> {
  if (record.collections.length === 0) {
    await collect(job, record, warn);
    job.folder.write(record);
  }
  await merge(job, record, warn);
}

async function collect(job: CompletionJob, record: Trial, warn: Warn): Promise<void> {
  const { live, tools, settings, sink, signal } = job;
  sink({ kind: 'step', text: `${live.cell.id}: collecting traces, logs and metrics` });
  const load = await readLoad(job.folder.rawPath);
  const outcomes = await Promise.all(
    tools.collectors.map((collector) =>
      collector.collect({
        endpoint: live.endpoint,
        window: record.window,
        traceIds: load.traceIds,
        expectedReports: Math.max(0, load.expectedReports - hiddenThrottles(job, record)),
        rawFolder: job.folder.rawPath,
        deadlineMs: settings.collectDeadlineMs,
        signal,
      }),
    ),
  );
  for (const { collection, warnings } of outcomes) {
    record.collections.push(collection);
    warn(warnings);
  }
}

/**
 * Throttles whose answers look as if an environment had failed: the two APIs make a 500 of Lambda's
 * 429. Waiting for their REPORT lines would last until the deadline.
 */
function hiddenThrottles({ live }: CompletionJob, { host }: Trial): number {
  const { front } = live.endpoint;
  return front === 'rest-api' || front === 'http-api' ? (host?.throttles ?? 0) : 0;
}

async function merge(job: CompletionJob, record: Trial, warn: Warn): Promise<void> {
  const { live, folder, sink } = job;
  sink({ kind: 'step', text: `${live.cell.id}: joining` });
  const { counts, warnings } = await mergeTrial({ trialFolder: folder.path, cell: live.cell });
  record.merge = counts;
  warn(warnings);
  if (!job.settings.keepRaw) rmSync(join(folder.rawPath, RAW_FILES.k6Samples), { force: true });
}
