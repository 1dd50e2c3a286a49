import { z } from 'zod';
import { isExpected, messageOf, UsageError } from '../../base/errors.ts';
import { oneOf } from '../../config/settings/values.ts';
import type { Trial } from '../../model/trial.ts';
import { runState } from '../../store/run-lock.ts';
import { runFolder, runIds, type TrialFolder } from '../../store/run-store.ts';
import { typedFlags } from '../flags.ts';
import { awsAccess } from '../remote/aws-access.ts';
import { chosenRegion } from '../remote/chosen-region.ts';
import { deploymentLine, isExpired } from '../remote/deployment-lines.ts';
import { resultsPath } from '../results-path.ts';
import { withSession } from '../session.ts';

const flagsSchema = z.object({
  results: z.string().optional(),
  target: z.string().optional(),
  region: z.string().optional(),
  json: z.boolean().optional(),
});

interface Row {
  runId: string;
  status: string;
  trials: string;
  cells: string;
}

export async function lsCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  if (flags.target !== undefined) {
    oneOf(flags.target, '--target', ['aws'] as const);
    return await listOnAws(chosenRegion(flags.region), flags.json === true);
  }
  if (flags.region !== undefined) {
    throw new UsageError('--region means nothing without --target aws');
  }
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
      `${row.runId}  ${row.status.padEnd(11)}  ${row.trials.padEnd(15)}  ${row.cells}\n`,
    );
  }
}

/** What stands in an account: its tags and outputs are the record, whatever machine made it. */
async function listOnAws(region: string, json: boolean): Promise<void> {
  const { listDeployments } = await import('../../targets/aws/deployment/list.ts');
  const found = await withSession((_, signal) => listDeployments(awsAccess(region), signal));
  if (json) {
    for (const one of found) process.stdout.write(`${JSON.stringify(one)}\n`);
    return;
  }
  if (found.length === 0) process.stderr.write(`nothing of bench stands in ${region}\n`);
  const nowMs = Date.now();
  for (const one of found) process.stdout.write(`${deploymentLine(one, nowMs)}\n`);
  if (found.some((one) => isExpired(one, nowMs))) {
    process.stderr.write('"bench destroy --expired" removes what has expired\n');
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
    const resumes = run.resumes?.length ?? 0;
    const [only, ...others] = run.plan.cells.map((cell) => cell.id);
    return {
      runId,
      // Its process left no word.
      status: run.status === 'running' && runState(folder.path) === 'gone' ? 'killed' : run.status,
      trials: [
        `${finished} of ${planned}`,
        ...(damaged > 0 ? [`${damaged} damaged`] : []),
        ...(resumes > 0 ? ['resumed'] : []),
      ].join(', '),
      cells: others.length === 0 ? String(only) : `${only} and ${others.length} more`,
    };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { runId, status: 'damaged', trials: '', cells: messageOf(error) };
  }
}
