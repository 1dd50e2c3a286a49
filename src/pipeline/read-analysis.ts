import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ToolError } from '../base/errors.ts';
import { type Analysis, analysisSchema } from '../model/analysis.ts';
import { type LoadFacts, loadFactsSchema } from '../model/load-facts.ts';
import { RAW_FILES } from '../model/raw.ts';
import { TABLES } from '../model/tables.ts';
import type { RunFolder, TrialFolder } from '../store/run-store.ts';

/**
 * A run's analysis: analysis.json where it is of now, else made again from disk, and not written.
 * Throws ToolError where no trial was measured.
 */
export async function readAnalysis(folder: RunFolder): Promise<Analysis> {
  const current = currentAnalysis(folder);
  if (current !== null) return current;
  const { analyseFolder } = await import('./replay.ts');
  const analysis = await analyseFolder(folder, { save: false });
  if (analysis !== null) return analysis;
  throw new ToolError(`the run ${folder.runId} has no trial that was measured`);
}

/** null where there is none, it is of another version, or something it was made from is newer. */
function currentAnalysis(folder: RunFolder): Analysis | null {
  const path = folder.analysisPath;
  const parsed = analysisSchema.safeParse(readJsonOrNull(path));
  if (!parsed.success || !isDeepStrictEqual(parsed.data.run, folder.readRun())) return null;
  const madeMs = statSync(path).mtimeMs;
  const sources = folder
    .trials()
    .flatMap((trial) => [
      join(trial.path, 'trial.json'),
      ...Object.keys(TABLES).map((table) => join(trial.path, `${table}.parquet`)),
    ]);
  const newer = sources.some((source) => {
    const modifiedMs = statSync(source, { throwIfNoEntry: false })?.mtimeMs;
    return modifiedMs !== undefined && modifiedMs > madeMs;
  });
  return newer ? null : parsed.data;
}

/** What each cell was asked, from the first of its trials that has a readable plan. */
export function readLoads(folder: RunFolder): Map<string, LoadFacts> {
  const found = new Map<string, LoadFacts>();
  for (const trial of folder.trials()) {
    if (found.has(trial.cellId)) continue;
    const facts = loadFactsOf(trial);
    if (facts !== null) found.set(trial.cellId, facts);
  }
  return found;
}

function loadFactsOf({ rawPath }: TrialFolder): LoadFacts | null {
  return loadFactsSchema.safeParse(readJsonOrNull(join(rawPath, RAW_FILES.loadPlan))).data ?? null;
}

/** Where each trial that has a readable plan sent its load, with its cell's id. */
export function readAddresses(folder: RunFolder): { cellId: string; url: string }[] {
  return folder.trials().flatMap(({ cellId, rawPath }) => {
    const plan = addressSchema.safeParse(readJsonOrNull(join(rawPath, RAW_FILES.loadPlan)));
    return plan.success ? [{ cellId, url: plan.data.url }] : [];
  });
}

const addressSchema = z.object({ url: z.string() });

/** A file that is not there or not JSON says nothing. */
function readJsonOrNull(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
