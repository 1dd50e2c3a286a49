import { isExpected, messageOf } from '../base/errors.ts';
import { seededRandom, shuffled } from '../base/random.ts';
import { bundleKey } from '../model/endpoint.ts';
import type { BackendInstance } from '../model/ports.ts';
import type { Asked, Cell, Plan, Run } from '../model/run.ts';
import { withoutRevision } from '../model/sides.ts';
import type { Warning } from '../model/warning.ts';
import type { RunFolder } from '../store/run-store.ts';
import { createGateKeeper } from './gate-rounds.ts';
import { settleBurstRates } from './host-rate.ts';
import { probeInits, settleInitProbes } from './init-probes.ts';
import { profileRun } from './profile.ts';
import { provision } from './provision.ts';
import { planLeft, trialKey } from './remainder.ts';
import { checkCode } from './same-conditions.ts';
import { telemetryPlace } from './telemetry-place.ts';
import { runTrial } from './trial.ts';
import type { RunSettings, RunSink, Tools } from './types.ts';

/** A run that goes on. */
export interface Resumed {
  run: Run;
  /** Keys (`trialKey`) of the trials that are done. */
  kept: ReadonlySet<string>;
  /** Nothing speaks against it: puts it into the run's record and sets aside what is repeated. */
  begin(run: Run): void;
}

/** What a run is made of. */
export interface RunJob {
  plan: Plan;
  folder: RunFolder;
  createdAt: Date;
  tools: Tools;
  settings: RunSettings;
  /** What was noticed before the run, kept with it. */
  warnings: readonly Warning[];
  /** Kept for a resume. */
  asked?: Asked;
  /** Goes on with a run in place of a new one; `plan` is its plan. */
  resumed?: Resumed;
  sink: RunSink;
  signal: AbortSignal;
}

/**
 * Provisions what is left to measure, and runs every round. Resolves to the expected failure that ended
 * the load, or null. `begin`: called when nothing speaks against it, before anything is deployed.
 */
export async function runRounds(job: RunJob, run: Run, begin: () => void): Promise<Error | null> {
  const { plan, folder, tools, settings, sink, signal } = job;
  const kept = job.resumed?.kept ?? new Set<string>();
  const instances: BackendInstance[] = [];
  const started = (instance: BackendInstance) => instances.push(instance);
  try {
    const provisioned = await provision({
      plan: planLeft(plan, kept),
      tools,
      settings,
      sink,
      signal,
      started,
      prepared: (cells) => {
        checkCode(run, cells);
        begin();
      },
    });
    addBundles(run, provisioned.bundles);
    addTelemetry(run, provisioned.cells.flatMap(telemetryPlace));
    // The rate of a burst is part of what its trials have in common.
    if (run.hostInitsPerS === null) await settleBurstRates(run, provisioned.cells, tools, sink);
    settleInitProbes(run);
    const probes = run.plan.initProbes ?? 0;
    folder.writeRun(run);
    const of = plan.cells.length * plan.rounds;
    let index = kept.size;
    const gate = createGateKeeper(run, folder, sink);
    if (gate?.sameCode() === true) return null;
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const ids of roundOrder(plan.cells, plan.seed, round)) {
        const sides = ids.flatMap((id) =>
          kept.has(trialKey(id, round))
            ? []
            : (provisioned.cells.find(({ cell }) => cell.id === id) ?? []),
        );
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
    if (settings.cpuProfiles === true) {
      const { cells } = provisioned;
      const job = { cells, folder, seed: plan.seed, tools, settings, sink, signal };
      run.warnings.push(...(await profileRun(job)));
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

/** What was measured of a bundle before the first trial stays. */
function addBundles(run: Run, bundles: Run['bundles']): void {
  const known = new Set(run.bundles.map(bundleKey));
  run.bundles = [...run.bundles, ...bundles.filter((one) => !known.has(bundleKey(one)))];
}

/** Where a cell was provisioned last is where its telemetry is. */
function addTelemetry(run: Run, places: Run['telemetry']): void {
  const has = new Set(places.map(({ cellId }) => cellId));
  run.telemetry = [...places, ...run.telemetry.filter(({ cellId }) => !has.has(cellId))];
}

/**
 * The ids of the cells in random order, the same whatever was done of the round; the two sides of a
 * gate's cell come together, in random order, too.
 */
function roundOrder(cells: readonly Cell[], seed: number, round: number): string[][] {
  const random = seededRandom(seed * 1_000 + round);
  const ids = cells.map(({ id }) => id);
  const groups = Map.groupBy(ids, withoutRevision);
  return shuffled([...groups.values()], random).map((group) => shuffled(group, random));
}
