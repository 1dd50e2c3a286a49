import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import type { Cell, Run } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';
import { Database, type DatabaseOptions } from '../store/tables/database.ts';
import { analyseCell, type CellJob, type TrialOnDisk } from './analyse-cell.ts';
import { tellCausesApart } from './compare/causes.ts';
import { compareCells } from './compare/comparisons.ts';
import { pricesUsed } from './cost/index.ts';
import { detailOf } from './figures/detail.ts';
import { headline } from './headline/headline.ts';
import { memoryScaling } from './memory/index.ts';
import { damageOf } from './queries/cell-tables.ts';

export interface AnalysisJob {
  run: Run;
  trials: readonly TrialOnDisk[];
  /** @default spills into a folder beside the first trial, which is removed */
  database?: Partial<DatabaseOptions>;
}

/**
 * Cells analysed at a time, each in a database of its own with a thread: while one computes, the other
 * is in our own code.
 */
const LANES = 2;
const MEMORY_MB = 1024;

/** Every figure of a run from its trials' Parquet files and records. Cells without a trial are left out. */
export async function analyseRun(job: AnalysisJob): Promise<Analysis> {
  const { run, trials } = job;
  const warnings: Warning[] = [
    ...run.warnings,
    ...trials.flatMap(({ trial }) =>
      trial.warnings.map((w) => ({ ...w, cellId: trial.cellId, trial: trial.trial })),
    ),
  ];
  const detail = detailOf(trials.length);
  const found = await inLanes(job, run.plan.cells, (database, cell) =>
    analyseWhole(database, {
      run,
      cell,
      detail,
      onDisk: trials.filter(({ trial }) => trial.cellId === cell.id),
      damaged: [],
    }),
  );
  const cells = found.flatMap(({ analysis }) => analysis ?? []);
  warnings.push(...found.flatMap((one) => one.warnings));
  const comparisons = compareCells(cells);
  const causes = tellCausesApart(cells, run.plan.variants);
  const scaling = memoryScaling(cells, run);
  return {
    version: 1,
    run,
    headline: headline(cells, comparisons, causes, scaling, run.plan.slo),
    cells,
    comparisons,
    causes,
    memoryScaling: scaling,
    prices: pricesUsed(run.plan.region, run.plan.cells, run.plan.architecture),
    gate: null,
    warnings,
  };
}

interface AnalysedCell {
  /** null where no trial can be read. */
  analysis: CellAnalysis | null;
  warnings: Warning[];
}

/** Leaves out trials whose files turn out to be damaged. */
async function analyseWhole(database: Database, job: CellJob): Promise<AnalysedCell> {
  const cellId = job.cell.id;
  if (job.onDisk.length === 0) {
    const warning: Warning = {
      code: 'cell-not-measured',
      severity: 'doubtful',
      message: `${cellId} was planned and has no trial that can be read`,
      cellId,
    };
    return { analysis: null, warnings: [warning] };
  }
  try {
    return { analysis: await analyseCell(database, job), warnings: [] };
  } catch (error) {
    const onDisk: TrialOnDisk[] = [];
    const damaged = [...job.damaged];
    const warnings: Warning[] = [];
    for (const one of job.onDisk) {
      const reason = await damageOf(database, one.folder);
      if (reason === null) {
        onDisk.push(one);
        continue;
      }
      const { trial } = one.trial;
      damaged.push({ trial, reason });
      const message = `${reason}; the trial is left out`;
      warnings.push({ code: 'trial-damaged', severity: 'void', message, cellId, trial });
    }
    if (warnings.length === 0) throw error;
    const rest = await analyseWhole(database, { ...job, onDisk, damaged });
    return { ...rest, warnings: [...warnings, ...rest.warnings] };
  }
}

/** Results in the order of the cells. */
async function inLanes<Result>(
  job: AnalysisJob,
  cells: readonly Cell[],
  work: (database: Database, cell: Cell) => Promise<Result>,
): Promise<Result[]> {
  const { memoryMb = MEMORY_MB, threads = LANES } = job.database ?? {};
  const tempFolder =
    job.database?.tempFolder ?? join(job.trials[0]?.folder ?? tmpdir(), 'analysis-temp');
  const results: Result[] = [];
  let next = 0;
  const lane = async (number: number) => {
    const database = await Database.open({
      tempFolder: join(tempFolder, String(number)),
      memoryMb: Math.floor(memoryMb / LANES),
      threads: Math.max(1, Math.floor(threads / LANES)),
    });
    try {
      while (next < cells.length) {
        const index = next;
        next += 1;
        results[index] = await work(database, cells[index] as Cell);
      }
    } catch (error) {
      // What the other lane has not begun would be computed for nobody.
      next = cells.length;
      throw error;
    } finally {
      database.close();
    }
  };
  try {
    mkdirSync(tempFolder, { recursive: true });
    const lanes = Array.from({ length: Math.min(LANES, cells.length) }, (_, i) => lane(i));
    const ended = await Promise.allSettled(lanes);
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  } finally {
    if (job.database?.tempFolder === undefined)
      rmSync(tempFolder, { recursive: true, force: true });
  }
  return results;
}
