import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nowUs } from '../base/clock.ts';
import { formatDurationS } from '../base/duration.ts';
import { listed } from '../base/words.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Cell, Resume, Run, TelemetryPlace } from '../model/run.ts';
import type { Trial } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';
import type { RunFolder, TrialFolder } from '../store/run-store.ts';
import { type CompletionJob, completeTrial } from './complete-trial.ts';
import { type Remainder, roundsOf, trialKey, type UncompletedTrial } from './remainder.ts';
import { endpointAt } from './telemetry-place.ts';

/** Trials of one round are compared with each other: so far apart, what is around them may have changed. */
const APART_S = 3600;

/**
 * Collects and merges trials whose load had ended when a run ended, without any load. Resolves to those
 * that are whole now; one whose telemetry is there no longer is marked to be measured again. Rejects
 * where one cannot be completed; those before it are.
 */
export async function completeTrials(
  run: Run,
  trials: readonly UncompletedTrial[],
  job: Omit<CompletionJob, 'live' | 'folder'>,
): Promise<TrialFolder[]> {
  const completed: TrialFolder[] = [];
  for (const { folder, record } of trials) {
    job.signal.throwIfAborted();
    const cell = run.plan.cells.find(({ id }) => id === folder.cellId);
    if (cell === undefined) continue;
    if (record.collections.length === 0) {
      // Half of it may be there.
      for (const file of [RAW_FILES.traces, RAW_FILES.logs, RAW_FILES.metrics]) {
        rmSync(join(folder.rawPath, file), { force: true });
      }
    }
    const endpoint = endpointAt(placeOf(run, cell), null);
    await completeTrial({ ...job, live: { cell, endpoint }, folder }, record);
    if (!hasLostTelemetry(record)) {
      completed.push(folder);
      continue;
    }
    record.status = 'failed';
    record.loadEnded = false;
    const message = 'its telemetry is there no longer';
    record.warnings.push({ code: 'trial-failed', severity: 'void', message });
    folder.write(record);
  }
  return completed;
}

/** Of endpoints AWS is not asked about there is none. */
function placeOf({ telemetry, plan }: Run, { id, endpoint }: Cell): TelemetryPlace {
  const unknown = {
    cellId: id,
    region: plan.region,
    awsEndpoint: null,
    front: endpoint.front,
    functionName: null,
    qualifier: null,
    logGroup: null,
    frontDimensions: null,
    traced: false,
  };
  return telemetry.find(({ cellId }) => cellId === id) ?? unknown;
}

function hasLostTelemetry({ collections }: Trial): boolean {
  return collections.some(
    ({ collector, expected, found }) =>
      collector !== 'cloudwatch' && (expected ?? 0) > 0 && found === 0,
  );
}

/**
 * Puts into a run's record that it goes on, sets aside what is measured again, and writes the record.
 * `remainder` is of after `completed`.
 */
export function beginResume(
  run: Run,
  folder: RunFolder,
  remainder: Remainder,
  completed: readonly TrialFolder[],
): void {
  const atUs = nowUs();
  const number = (run.resumes?.length ?? 0) + 1;
  const resume: Resume = {
    at: new Date(atUs / 1000).toISOString(),
    after: run.status === 'running' ? 'killed' : run.status,
    kept: remainder.kept.size - completed.length,
    completed: completed.map(({ cellId, trial }) => ({ cellId, trial })),
    repeated: remainder.repeated.map(({ folder: trial, why }) => ({
      cellId: trial.cellId,
      trial: trial.trial,
      why,
      setAside: folder.setAside(trial, number),
    })),
  };
  run.status = 'running';
  run.resumes = [...(run.resumes ?? []), resume];
  run.warnings.push(resumedNote(resume), ...apart(run, remainder, atUs));
  folder.writeRun(run);
}

const AFTER: Record<Resume['after'], string> = {
  killed: 'it was killed',
  failed: 'it failed',
  interrupted: 'it was interrupted',
  finished: 'it had finished',
};

/** `Went on at 2026-11-21 13:20 UTC after it was killed: 3 trials were kept, 1 was measured again (…).` */
function resumedNote({ at, after, kept, completed, repeated }: Resume): Warning {
  const trials = (count: number) =>
    count === 0 ? 'no trial was' : count === 1 ? '1 trial was' : `${count} trials were`;
  const again = repeated.map(
    ({ cellId, trial, why, setAside }) => `${cellId} ${trial}: ${why}, now in ${setAside}`,
  );
  const parts = [
    `${trials(kept)} kept`,
    ...(completed.length === 0 ? [] : [`${trials(completed.length)} completed from disk`]),
    ...(again.length === 0 ? [] : [`${trials(again.length)} measured again (${again.join('; ')})`]),
  ];
  return {
    code: 'resumed',
    severity: 'note',
    message: `Went on at ${at.slice(0, 16).replace('T', ' ')} UTC after ${AFTER[after]}: ${parts.join(', ')}.`,
  };
}

/** What lies between the trials before and those to come. */
function apart({ plan }: Run, { kept, keptUntilUs }: Remainder, atUs: number): Warning[] {
  if (keptUntilUs === null || kept.size >= plan.cells.length * plan.rounds) return [];
  const gapS = (atUs - keptUntilUs) / 1e6;
  if (gapS < APART_S) return [];
  const doneOf = (round: number) =>
    plan.cells.filter(({ id }) => kept.has(trialKey(id, round))).length;
  const torn = roundsOf(plan).filter(
    (round) => doneOf(round) > 0 && doneOf(round) < plan.cells.length,
  );
  const gap = formatDurationS(gapS);
  if (torn.length === 0) {
    const message = `${gap} lie between the rounds before the run ended and those after.`;
    return [{ code: 'rounds-apart', severity: 'note', message }];
  }
  return [
    {
      code: 'round-torn',
      severity: 'doubtful',
      message: `${torn.length === 1 ? 'Round' : 'Rounds'} ${listed(torn)} ${torn.length === 1 ? 'was' : 'were'} measured in two parts with ${gap} between them: cells are compared with each other over that time.`,
    },
  ];
}
