import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Analysis, analysisSchema, type CellAnalysis } from '../../model/analysis.ts';
import type { Cell, Run } from '../../model/run.ts';
import type { Trial } from '../../model/trial.ts';
import { analyseRun } from '../analyse-run.ts';
import {
  cellOf,
  type MadeRequest,
  runOf,
  tablesOf,
  trialOf,
  writeTrialFiles,
} from './trial-files.ts';

export interface MadeTrial {
  /** @default CELL */
  cell?: Cell;
  requests: MadeRequest[];
  change?: (trial: Trial) => void;
}

export const CELL = cellOf(1024);

/** Writes the trials, analyses them, and checks the result against its schema. */
export async function analyse(
  made: readonly MadeTrial[],
  plan: Partial<Run['plan']> = {},
): Promise<Analysis> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-analysis-test-'));
  try {
    const cells = [...new Set(made.map(({ cell = CELL }) => cell))];
    const seen = new Map<string, number>();
    const trials = [];
    for (const { cell = CELL, requests, change } of made) {
      const number = (seen.get(cell.id) ?? 0) + 1;
      seen.set(cell.id, number);
      const path = join(folder, cell.id, String(number));
      await writeTrialFiles(path, tablesOf(requests));
      const trial = trialOf(cell.id, number, requests.length);
      change?.(trial);
      trials.push({ trial, folder: path });
    }
    const run = runOf(cells);
    Object.assign(run.plan, plan);
    return analysisSchema.parse(await analyseRun({ run, trials }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same where there is one cell. */
export async function analyseOne(made: readonly MadeTrial[]): Promise<CellAnalysis> {
  const { cells } = await analyse(made);
  return cells[0] as CellAnalysis;
}

/** Changes single fields of a trial's record. */
export function alter(fields: { [Part in 'engine' | 'host' | 'merge']?: object }) {
  return (trial: Trial): void => {
    if (trial.engine !== null) Object.assign(trial.engine, fields.engine);
    if (trial.host !== null) Object.assign(trial.host, fields.host);
    if (trial.merge !== null) Object.assign(trial.merge, fields.merge);
  };
}

/** 1, 2, … n milliseconds, in an order that is not theirs. */
export function ladder(n: number, more: Partial<MadeRequest> = {}): MadeRequest[] {
  return Array.from({ length: n }, (_, i) => ({ totalMs: ((i * 101) % n) + 1, ...more }));
}
