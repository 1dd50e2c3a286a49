import { isExpected, messageOf } from '../base/errors.ts';
import { seededRandom, shuffled } from '../base/random.ts';
import { expectedS, trialsOf } from '../config/expected-time.ts';
import type { Analysis } from '../model/analysis.ts';
import type { BackendInstance } from '../model/ports.ts';
import type { Plan, Run } from '../model/run.ts';
import { withoutRevision } from '../model/sides.ts';
import type { Warning } from '../model/warning.ts';
import type { RunFolder } from '../store/run-store.ts';
import { createGateKeeper } from './gate-rounds.ts';
import { settleBurstRates } from './host-rate.ts';
import { probeInits, settleInitProbes } from './init-probes.ts';
import { type LiveCell, provision } from './provision.ts';
import { analyseFolder } from './replay.ts';
import { telemetryPlace } from './telemetry-place.ts';
import { runTrial } from './trial.ts';
import type { RunSettings, RunSink, Tools } from './types.ts';

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
export async function executeRun(job: {
  plan: Plan;
  folder: RunFolder;
  createdAt: Date;
  tools: Tools;
  settings: RunSettings;
  /** What was noticed before the run, kept with it. */
  warnings: readonly Warning[];
  sink: RunSink;
  signal: AbortSignal;
}): Promise<RunOutcome> {
  const { plan, folder, tools, sink } = job;
  const run: Run = {
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
    warnings: [...job.warnings],
  };
  folder.writeRun(run);
  sink({
    kind: 'run-started',
    runId: run.runId,
    path: folder.path,
    trials: trialsOf(plan),
    expectedS: expectedS(plan),
    open: plan.gate !== null,
  });
  let failure: Error | null;
  try {
    failure = await runRounds(job, run);
  } catch (error) {
    // A defect of ours: nobody should take the run for one that still goes on.
    run.status = 'failed';
    folder.writeRun(run);
    throw error;
  }
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

async function runRounds(job: Parameters<typeof executeRun>[0], run: Run): Promise<Error | null> {
  const { plan, folder, tools, settings, sink, signal } = job;
  const instances: BackendInstance[] = [];
  const started = (instance: BackendInstance) => instances.push(instance);
  try {
    const provisioned = await provision({ plan, tools, settings, sink, signal, started });
    run.bundles = provisioned.bundles;
    run.telemetry = provisioned.cells.flatMap(telemetryPlace);
    await settleBurstRates(run, provisioned.cells, tools, sink);
    settleInitProbes(run);
    const probes = run.plan.initProbes ?? 0;
    folder.writeRun(run);
    const of = plan.cells.length * plan.rounds;
    let index = 0;
    const gate = createGateKeeper(run, folder, sink);
    if (gate?.sameCode() === true) return null;
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const sides of roundOrder(provisioned.cells, plan.seed, round)) {
        if (probes > 0) sink({ kind: 'step', text: `round ${round}: measuring initialisations` });
        const inits = await probeInits(sides, probes, tools.target, signal);
        for (const live of sides) {
          signal.throwIfAborted();
          index += 1;
          sink({ kind: 'trial-started', cellId: live.cell.id, index, of });
          const trial = await runTrial({
            live,
            folder: folder.trialFolder(live.cell.id, round),
            // Every cell of a round is asked the same questions: the round is the pair.
            seed: plan.seed + round,
            traceShare: plan.traceShare,
            hostInitsPerS: run.hostInitsPerS,
            inits: inits.get(live.cell.id) ?? [],
            tools,
            settings,
            sink,
            signal,
          });
          sink({ kind: 'trial-ended', trial, index, of });
          await settings.guard?.afterTrial({
            trial,
            cell: live.cell,
            folder: folder.trialFolder(live.cell.id, round).path,
            left: of - index,
          });
        }
      }
      if ((await gate?.knows(round)) === true) break;
    }
    return null;
  } catch (error) {
    const cause: unknown = signal.aborted ? signal.reason : error;
    if (isExpected(cause)) return cause;
    throw error;
  } finally {
    for (const instance of instances) await stopBackend(instance, run, sink);
  }
}

/** What it was given in a database of the user's goes with it, so a failure to do so is told. */
async function stopBackend(instance: BackendInstance, run: Run, sink: RunSink): Promise<void> {
  try {
    await instance.stop();
  } catch (error) {
    const message = `a backend could not be stopped: ${messageOf(error)}`;
    const warning: Warning = { code: 'backend-not-stopped', severity: 'note', message };
    run.warnings.push(warning);
    sink({ kind: 'warning', warning });
  }
}

/** The cells in random order; the two sides of a gate's cell come together, in random order, too. */
function roundOrder(cells: readonly LiveCell[], seed: number, round: number): LiveCell[][] {
  const random = seededRandom(seed * 1_000 + round);
  const groups = Map.groupBy(cells, ({ cell }) => withoutRevision(cell.id));
  return shuffled([...groups.values()], random).map((group) => shuffled(group, random));
}
