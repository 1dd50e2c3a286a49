import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { RawCounts } from '../collectors/raw-folder.ts';
import { mergeTrial } from '../merge/merge-trial.ts';
import type { readSent } from '../merge/sent-again.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Cell } from '../model/run.ts';
import type { Collection, Trial } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';
import type { TrialFolder } from '../store/run-store.ts';

/** A trial that was measured, whose telemetry is read again. */
export interface MeasuredTrial {
  cell: Cell;
  trial: TrialFolder;
  record: Trial;
  sent: NonNullable<Awaited<ReturnType<typeof readSent>>>;
}

/** Warnings of collecting and merging, which a later collection tells anew. */
const TOLD_ANEW =
  /^(xray|logs|cloudwatch|insights|traces|trace-ids|trace-destination|transaction|reports|metrics)-|^(no-traces|no-reports|no-metrics|init-disagreement|negative-parts|no-gateway-segment|no-backend-spans|lost-samples)$/;

function isToldAnew({ code, message }: Warning): boolean {
  // What was damaged of the samples is not read again.
  const damaged = code === 'damaged-raw-data' && !message.startsWith(RAW_FILES.k6Samples);
  return damaged || TOLD_ANEW.test(code);
}

/** Merges a trial of which raw telemetry was added, and records what was found in all. */
export async function mergeAgain(
  { cell, trial, record, sent }: MeasuredTrial,
  after: RawCounts,
  outcomes: readonly { collection: Collection; warnings: Warning[] }[],
): Promise<void> {
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
  sent: MeasuredTrial['sent'],
): Pick<Collection, 'expected' | 'found'> {
  if (collector === 'xray') return { expected: sent.traceIds.length, found: after.traces };
  if (collector === 'logs') return { expected: sent.expectedReports, found: after.reports };
  return { expected, found: after.metrics };
}

/** Raw telemetry that is not in the tables yet, of this collection or of one that was cut short. */
export function isNewer(rawPath: string, trialPath: string): boolean {
  const changed = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const merged = changed(join(trialPath, 'requests.parquet'));
  return [RAW_FILES.traces, RAW_FILES.logs, RAW_FILES.metrics].some(
    (file) => changed(join(rawPath, file)) > merged,
  );
}
