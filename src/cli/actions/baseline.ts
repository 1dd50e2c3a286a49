import { resolve } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../base/files.ts';
import { baselineOf, LEAST_TRIALS, leftOutOf } from '../../gate/baseline/save.ts';
import { readAnalysis, readLoads } from '../../pipeline/read-analysis.ts';
import { findRun } from '../../store/run-store.ts';
import { commitHere } from '../commit-here.ts';
import { typedFlags } from '../flags.ts';
import { resultsPath } from '../results-path.ts';
import { shownPath } from '../terminal/shown-path.ts';

const flagsSchema = z.object({
  run: z.string(),
  output: z.string().optional(),
  results: z.string().optional(),
});

export async function saveBaselineCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const folder = findRun(await resultsPath(flags.results), flags.run);
  const analysis = await readAnalysis(folder);
  const commit = await commitHere(process.cwd());
  const baseline = baselineOf(analysis, readLoads(folder), commit);
  for (const { cellId, trials } of leftOutOf(analysis)) {
    process.stderr.write(
      `left out: ${cellId} has ${trials} of the ${LEAST_TRIALS} trials that count\n`,
    );
  }
  const text = `${JSON.stringify(baseline, null, 2)}\n`;
  if (flags.output === undefined) return void process.stdout.write(text);
  const path = resolve(flags.output);
  writeFileAtomic(path, text);
  process.stdout.write(`baseline: ${shownPath(path)}\n`);
}
