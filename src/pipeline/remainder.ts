import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isExpected, messageOf } from '../base/errors.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Cell, Plan, Run } from '../model/run.ts';
import { TABLES } from '../model/tables.ts';
import type { Trial } from '../model/trial.ts';
import type { RunFolder, TrialFolder } from '../store/run-store.ts';

/** A trial that has begun and is not whole. */
export interface UnfinishedTrial {
  folder: TrialFolder;
  /** What became of it, as half a sentence: `it was cut short`. */
  why: string;
}

/** A trial whose load ended, and whose telemetry or tables are still missing. */
export interface UncompletedTrial {
  folder: TrialFolder;
  record: Trial;
}

/** What of a run's plan is on disk, and what is still to be done. */
export interface Remainder {
  /** Keys (`trialKey`) of the trials that are whole. */
  kept: Set<string>;
  /** When the last of them ended, in microseconds; null: there is none. */
  keptUntilUs: number | null;
  completable: UncompletedTrial[];
  repeated: UnfinishedTrial[];
}

/** `dynamo-1024-rest-api-apollo-x1-ramp 2` */
export function trialKey(cellId: string, trial: number): string {
  return `${cellId} ${trial}`;
}

/** What of a plan is still to be measured, as a plan: of each cell as many rounds as of the one with most. */
export function planLeft(plan: Plan, kept: ReadonlySet<string>): Plan {
  const leftOf = ({ id }: Cell) =>
    roundsOf(plan).filter((round) => !kept.has(trialKey(id, round))).length;
  return {
    ...plan,
    cells: plan.cells.filter((cell) => leftOf(cell) > 0),
    rounds: Math.max(...plan.cells.map(leftOf)),
  };
}

/** 1 to the plan's number of rounds. */
export function roundsOf({ rounds }: Plan): number[] {
  return Array.from({ length: rounds }, (_, index) => index + 1);
}

/**
 * Looks at every trial of a run's plan on disk. One is kept where its record says that it finished and
 * its tables are whole, whatever its figures are: choosing among measurements would bend them.
 */
export function remainderOf(run: Run, folder: RunFolder): Remainder {
  const found: Remainder = {
    kept: new Set(),
    keptUntilUs: null,
    completable: [],
    repeated: [],
  };
  const planned = new Set(run.plan.cells.map(({ id }) => id));
  for (const trial of folder.trials()) {
    if (!planned.has(trial.cellId) || trial.trial > run.plan.rounds) continue;
    const { record, damage } = recordOf(trial);
    if (record === null) {
      found.repeated.push({ folder: trial, why: damage ?? 'it was cut short' });
      continue;
    }
    const broken = brokenTable(trial);
    if (record.status === 'finished' && broken === null) {
      found.kept.add(trialKey(trial.cellId, trial.trial));
      found.keptUntilUs = Math.max(found.keptUntilUs ?? 0, record.window.endedUs);
    } else if (isCompletable(run, trial, record)) {
      found.completable.push({ folder: trial, record });
    } else {
      found.repeated.push({ folder: trial, why: whyNot(record, broken) });
    }
  }
  return found;
}

function recordOf(trial: TrialFolder): { record: Trial | null; damage: string | null } {
  try {
    return { record: trial.read(), damage: null };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { record: null, damage: `its record is damaged (${messageOf(error)})` };
  }
}

/**
 * What comes after the load can be made up for where its requests are there, and the telemetry is there
 * or can still be read. That of this machine's Lambda went with the process that had it.
 */
function isCompletable({ plan }: Run, trial: TrialFolder, record: Trial): boolean {
  const samples = existsSync(join(trial.rawPath, RAW_FILES.k6Samples));
  // Merged and removed, they are in their table.
  const merged = record.status === 'finished' && isParquet(join(trial.path, 'requests.parquet'));
  if (!merged && !(samples && (record.loadEnded === true || record.status === 'finished'))) {
    return false;
  }
  return record.collections.length > 0 || plan.target !== 'local';
}

function whyNot(record: Trial, broken: string | null): string {
  if (record.status === 'finished') return `its ${broken} is missing or damaged`;
  const void_ = record.warnings.find(({ code }) => code === `trial-${record.status}`);
  if (void_ === undefined) return 'it was cut short';
  return record.status === 'interrupted' ? 'it was interrupted' : `it failed: ${void_.message}`;
}

/** The first of a trial's tables that is not a whole Parquet file; null: all are. */
function brokenTable(trial: TrialFolder): string | null {
  const names = Object.keys(TABLES).map((table) => `${table}.parquet`);
  return names.find((name) => !isParquet(join(trial.path, name))) ?? null;
}

/** Begins and ends as the format says: `PAR1`. Source: Apache Parquet, "File Format". */
function isParquet(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const magic = (at: number) => {
      const bytes = Buffer.alloc(4);
      return readSync(file, bytes, 0, 4, at) === 4 && bytes.toString('latin1') === 'PAR1';
    };
    return size >= 12 && magic(0) && magic(size - 4);
  } finally {
    closeSync(file);
  }
}
