import { isExpected } from '../base/errors.ts';
import { expectedS, trialsOf } from '../config/expected-time.ts';
import type { Analysis } from '../model/analysis.ts';
import type { Run } from '../model/run.ts';
import { analyseFolder } from './replay.ts';
import { type RunJob, runRounds } from './run-rounds.ts';

export interface RunOutcome {
  run: Run;
  /** null where no trial came far enough to say anything. */
  analysis: Analysis | null;
  /** What ended the run before its plan was done: an ExpectedError, or null. */
  failure: Error | null;
}

/**
 * Provisions, runs every round of the plan in random order, and analyses what was measured. An
 * expected failure ends the load and is returned beside the analysis of the trials that finished.
 */
export async function executeRun(job: RunJob): Promise<RunOutcome> {
  const { plan, folder, tools, sink, resumed } = job;
  const run: Run = resumed?.run ?? {
    version: 1,
    runId: folder.runId,
    createdAt: job.createdAt.toISOString(),
    status: 'running',
    plan,
    fingerprint: tools.fingerprint,
    bundles: [],
    telemetry: [],
    hostInitsPerS: null,
    gate: null,
    ...(job.asked !== undefined && { asked: job.asked }),
    warnings: [],
  };
  run.warnings.push(...job.warnings);
  // Until it is known that it may go on, its record stays as it was.
  if (resumed === undefined) folder.writeRun(run);
  const all = trialsOf(plan);
  const left = all - (resumed?.kept.size ?? 0);
  sink({
    kind: 'run-started',
    runId: run.runId,
    path: folder.path,
    trials: left,
    expectedS: (expectedS(plan) * left) / all,
    open: plan.gate !== null,
  });
  let begun = false;
  let failure: Error | null;
  try {
    failure = await runRounds(job, run, () => {
      resumed?.begin(run);
      begun = true;
    });
  } catch (error) {
    // A defect of ours: nobody should take the run for one that still goes on.
    run.status = 'failed';
    folder.writeRun(run);
    throw error;
  }
  if (failure !== null && resumed !== undefined && !begun) throw failure;
  run.status = failure === null ? 'finished' : job.signal.aborted ? 'interrupted' : 'failed';
  try {
    folder.writeRun(run);
    sink({ kind: 'step', text: 'analysing' });
    return { run, analysis: await analyseFolder(folder), failure };
  } catch (error) {
    // A full disk takes the report, too; what was measured is there for `bench report` later.
    if (!isExpected(error)) throw error;
    return { run, analysis: null, failure: failure ?? error };
  }
}
