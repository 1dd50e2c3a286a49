import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../store/tables/database.ts';
import { openCell, type TrialFiles } from '../queries/cell-tables.ts';
import { type Rows, writeTrialFiles } from './trial-files.ts';

/** Writes the trials (numbered from 1) of a cell, opens their tables for `use`, and removes all again. */
export async function withTrials<Result>(
  tables: readonly Rows[],
  use: (database: Database, trials: number[], files: TrialFiles[]) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-analysis-test-'));
  const trials = tables.map((_, index) => index + 1);
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  try {
    const files = trials.map((trial) => ({ trial, folder: join(folder, String(trial)) }));
    for (const [index, { folder: path }] of files.entries()) {
      await writeTrialFiles(path, tables[index] as Rows);
    }
    await openCell(database, files);
    return await use(database, trials, files);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
