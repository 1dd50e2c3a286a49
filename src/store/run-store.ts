import { existsSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { fileError, makeFolder, readJson, writeJson } from '../base/files.ts';
import { type Run, runSchema } from '../model/run.ts';
import { type Trial, trialSchema } from '../model/trial.ts';

/** The folder of one run: see docs/architecture.md, "Run store". */
export interface RunFolder {
  readonly runId: string;
  readonly path: string;
  readonly analysisPath: string;
  readonly reportPath: string;
  /** What the profiler found, where the run was told to profile. */
  readonly profilesPath: string;
  writeRun(run: Run): void;
  readRun(): Run;
  /** Makes the folders of a trial and names them. */
  trialFolder(cellId: string, trial: number): TrialFolder;
  /** Every trial on disk, whole or not, by cell and number. */
  trials(): TrialFolder[];
  /**
   * Moves a trial's folder out of the run's trials, to be measured anew. Returns where it lies now,
   * from the run's folder: `set-aside/2/<cell>/<trial>` at the second resume.
   */
  setAside(trial: Pick<TrialFolder, 'cellId' | 'trial'>, resume: number): string;
}

export interface TrialFolder {
  readonly cellId: string;
  readonly trial: number;
  readonly path: string;
  readonly rawPath: string;
  write(trial: Trial): void;
  /** null where the trial never came to its record. Throws ToolError where it is damaged. */
  read(): Trial | null;
}

export function runFolder(resultsPath: string, runId: string): RunFolder {
  const path = join(resultsPath, runId);
  const trialAt = (cellId: string, trial: number): TrialFolder => {
    const trialPath = join(path, 'trials', cellId, String(trial));
    const recordPath = join(trialPath, 'trial.json');
    return {
      cellId,
      trial,
      path: trialPath,
      rawPath: join(trialPath, 'raw'),
      write: (record) => writeJson(recordPath, record),
      read: () => (existsSync(recordPath) ? readJson(recordPath, trialSchema) : null),
    };
  };
  return {
    runId,
    path,
    analysisPath: join(path, 'analysis.json'),
    reportPath: join(path, 'report.html'),
    profilesPath: join(path, 'profiles', 'profiles.json'),
    writeRun: (run) => {
      makeFolder(path);
      writeJson(join(path, 'run.json'), run);
    },
    readRun: () => readJson(join(path, 'run.json'), runSchema),
    trialFolder: (cellId, trial) => {
      const folder = trialAt(cellId, trial);
      makeFolder(folder.rawPath);
      return folder;
    },
    trials: () => {
      const found: TrialFolder[] = [];
      for (const cellId of folders(join(path, 'trials'))) {
        const numbers = folders(join(path, 'trials', cellId))
          .map(Number)
          .filter(Number.isInteger);
        for (const trial of numbers.sort((a, b) => a - b)) found.push(trialAt(cellId, trial));
      }
      return found;
    },
    setAside: ({ cellId, trial }, resume) => {
      const from = trialAt(cellId, trial).path;
      const place = join(path, 'set-aside', String(resume), cellId, String(trial));
      // A resume that was cut short before it was recorded had the same number.
      let to = place;
      for (let again = 2; existsSync(to); again += 1) to = `${place}-${again}`;
      makeFolder(dirname(to));
      try {
        renameSync(from, to);
      } catch (error) {
        throw fileError(error, 'move', from);
      }
      return relative(path, to);
    },
  };
}

/** Ids of the runs in a results folder, newest last. */
export function runIds(resultsPath: string): string[] {
  return folders(resultsPath)
    .filter((name) => existsSync(join(resultsPath, name, 'run.json')))
    .sort();
}

/**
 * Finds a run by id, by the start of its id, or by the path of its folder; the latest for `latest` and
 * where none is named. Throws UsageError.
 */
export function findRun(resultsPath: string, named: string | undefined): RunFolder {
  if (named !== undefined && existsSync(join(named, 'run.json'))) {
    const path = resolve(named);
    return runFolder(join(path, '..'), path.slice(path.lastIndexOf('/') + 1));
  }
  const ids = runIds(resultsPath);
  if (named === undefined || named === 'latest') {
    const latest = ids.at(-1);
    if (latest === undefined) {
      throw new UsageError(
        `no runs in ${resultsPath}: make one with "bench run", or name --results`,
      );
    }
    return runFolder(resultsPath, latest);
  }
  const matching = ids.filter((id) => id === named || id.startsWith(named));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return runFolder(resultsPath, only);
  if (existsSync(join(resultsPath, named))) {
    throw new UsageError(
      `${join(resultsPath, named)} has no run.json: it is no run of ours, or it is damaged`,
    );
  }
  const reason = matching.length > 1 ? `means ${matching.length} runs` : 'is not a run';
  throw new UsageError(`"${named}" ${reason} in ${resultsPath}: see "bench ls"`);
}

function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    throw fileError(error, 'list', path);
  }
}
