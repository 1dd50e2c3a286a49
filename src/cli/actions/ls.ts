import { z } from 'zod';
import { isExpected, messageOf } from '../../base/errors.ts';
import type { Trial } from '../../model/trial.ts';
import { runFolder, runIds, type TrialFolder } from '../../store/run-store.ts';
import { typedFlags } from '../flags.ts';
import { resultsPath } from '../results-path.ts';

const flagsSchema = z.object({ results: z.string().optional(), json: z.boolean().optional() });

interface Row {
  runId: string;
  status: string;
  trials: string;
  cells: string;
}

export async function lsCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const path = await resultsPath(flags.results);
  const rows = runIds(path).map((runId) => rowOf(path, runId));
  if (flags.json === true) {
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stderr.write(`no runs in ${path}: make one with "bench run"\n`);
    return;
  }
  for (const row of rows) {
    process.stdout.write(
      `${row.runId}  ${row.status.padEnd(11)}  ${row.trials.padEnd(12)}  ${row.cells}\n`,
    );
  }
}

function stateOf(trial: TrialFolder): Trial['status'] | 'damaged' | 'unmeasured' {
  try {
    return trial.read()?.status ?? 'unmeasured';
  } catch (error) {
    if (!isExpected(error)) throw error;
    return 'damaged';
  }
}

function rowOf(results: string, runId: string): Row {
  const folder = runFolder(results, runId);
  try {
    const run = folder.readRun();
    const planned = run.plan.cells.length * run.plan.rounds;
    const states = folder.trials().map(stateOf);
    const finished = states.filter((state) => state === 'finished').length;
    const damaged = states.filter((state) => state === 'damaged').length;
    const [only, ...others] = run.plan.cells.map((cell) => cell.id);
    return {
      runId,
      status: run.status,
      trials: `${finished} of ${planned}${damaged > 0 ? `, ${damaged} damaged` : ''}`,
      cells: others.length === 0 ? String(only) : `${only} and ${others.length} more`,
    };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { runId, status: 'damaged', trials: '', cells: messageOf(error) };
  }
}
