import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import type { Run } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';
import { Database, type DatabaseOptions } from '../store/tables/database.ts';
import { analyseCell, type TrialOnDisk } from './analyse-cell.ts';
import { tellCausesApart } from './compare/causes.ts';
import { compareCells } from './compare/comparisons.ts';
import { headline } from './headline/headline.ts';
import { damageOf } from './queries/cell-tables.ts';

export interface AnalysisJob {
  run: Run;
  trials: readonly TrialOnDisk[];
  /** @default spills into a folder beside the first trial, which is removed */
  database?: Partial<DatabaseOptions>;
}

/** Every figure of a run from its trials' Parquet files and records. Cells without a trial are left out. */
export async function analyseRun(job: AnalysisJob): Promise<Analysis> {
  const { run, trials } = job;
  const warnings: Warning[] = [
    ...run.warnings,
    ...trials.flatMap(({ trial }) =>
      trial.warnings.map((w) => ({ ...w, cellId: trial.cellId, trial: trial.trial })),
    ),
  ];
  const tempFolder =
    job.database?.tempFolder ?? join(trials[0]?.folder ?? tmpdir(), 'analysis-temp');
  const database = await Database.open({ ...job.database, tempFolder });
  try {
    const cells: CellAnalysis[] = [];
    const readable: TrialOnDisk[] = [];
    for (const onDisk of trials) {
      const damage = await damageOf(database, onDisk.folder);
      if (damage === null) readable.push(onDisk);
      else {
        warnings.push({
          code: 'trial-damaged',
          severity: 'void',
          message: `${damage}; the trial is left out`,
          cellId: onDisk.trial.cellId,
          trial: onDisk.trial.trial,
        });
      }
    }
    for (const cell of run.plan.cells) {
      const own = readable.filter(({ trial }) => trial.cellId === cell.id);
      if (own.length > 0) cells.push(await analyseCell(database, run, cell, own));
      else {
        warnings.push({
          code: 'cell-not-measured',
          severity: 'doubtful',
          message: `${cell.id} was planned and has no trial that can be read`,
          cellId: cell.id,
        });
      }
    }
    const comparisons = compareCells(cells);
    const causes = tellCausesApart(cells, run.plan.variants);
    return {
      version: 1,
      run,
      headline: headline(cells, comparisons, causes),
      cells,
      comparisons,
      causes,
      memoryScaling: [],
      prices: { region: run.plan.region, asOf: '2026-11-20', sources: [], assumptions: [] },
      warnings,
    };
  } finally {
    database.close();
    if (job.database?.tempFolder === undefined)
      rmSync(tempFolder, { recursive: true, force: true });
  }
}
