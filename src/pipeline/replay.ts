import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { analyseRun } from '../analysis/analyse-run.ts';
import { isExpected, messageOf } from '../base/errors.ts';
import { makeFolder, readJson, writeFileAtomic, writeJson } from '../base/files.ts';
import { judgeGate } from '../gate/judge.ts';
import { mergeTrial } from '../merge/merge-trial.ts';
import type { Analysis } from '../model/analysis.ts';
import { profileResultSchema } from '../model/profile.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Plan, Run } from '../model/run.ts';
import { TABLES } from '../model/tables.ts';
import type { Trial } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';
import { renderHtml } from '../report/html.ts';
import { gateFiles } from '../report/verdict/files.ts';
import type { RunFolder, TrialFolder } from '../store/run-store.ts';

export interface AnalyseOptions {
  /** Stands in for the plan's own in this analysis; run.json stays as it is. */
  plan?: Partial<Pick<Plan, 'slo' | 'region'>>;
  /** Write analysis.json and report.html. @default true */
  save?: boolean;
}

/**
 * Analyses what a run's folder holds and writes analysis.json and report.html; null where there is
 * nothing to analyse. A trial whose record is damaged is left out with a warning; one that was not
 * merged, or has lost a table, is merged now.
 */
export async function analyseFolder(
  folder: RunFolder,
  { plan, save = true }: AnalyseOptions = {},
): Promise<Analysis | null> {
  const stored = folder.readRun();
  const run = { ...stored, plan: { ...stored.plan, ...plan } };
  const warnings: Warning[] = [];
  const trials: { trial: Trial; folder: string }[] = [];
  for (const trialFolder of folder.trials()) {
    try {
      const trial = await wholeTrial(run, trialFolder);
      if (trial !== null) trials.push({ trial, folder: trialFolder.path });
    } catch (error) {
      if (!isExpected(error)) throw error;
      const { cellId, trial } = trialFolder;
      warnings.push({
        code: 'trial-damaged',
        severity: 'void',
        message: messageOf(error),
        cellId,
        trial,
      });
    }
  }
  // A gate of the same code on both sides has its verdict without any.
  const untried = run.gate?.ended !== 'same_code';
  if (trials.length === 0 && warnings.length === 0 && untried) return null;
  const analysis = await analyseRun({ run, trials });
  analysis.gate = judgeGate(analysis);
  analysis.warnings.push(...warnings);
  if (existsSync(folder.profilesPath)) {
    analysis.profiles = readJson(folder.profilesPath, profileResultSchema);
  }
  if (!save) return analysis;
  writeJson(folder.analysisPath, analysis);
  writeFileAtomic(folder.reportPath, await renderHtml(analysis));
  for (const { name, text } of gateFiles(analysis)) {
    const path = join(folder.path, name);
    makeFolder(dirname(path));
    writeFileAtomic(path, text);
  }
  return analysis;
}

async function wholeTrial(run: Run, folder: TrialFolder): Promise<Trial | null> {
  const trial = folder.read();
  const has = (path: string) => existsSync(path);
  const tables = Object.keys(TABLES).map((table) => join(folder.path, `${table}.parquet`));
  if (trial === null || tables.every(has)) return trial;
  const cell = run.plan.cells.find(({ id }) => id === folder.cellId);
  // The requests are in the samples or, once those were merged and removed, in their table.
  const requests = [
    join(folder.rawPath, RAW_FILES.k6Samples),
    join(folder.path, 'requests.parquet'),
  ];
  if (cell === undefined || !requests.some(has)) return trial;
  const { counts, warnings } = await mergeTrial({ trialFolder: folder.path, cell });
  trial.merge = counts;
  trial.warnings.push(...warnings);
  folder.write(trial);
  return trial;
}
