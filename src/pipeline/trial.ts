import { nowUs } from '../base/clock.ts';
import type { LoadPlan } from '../model/scenario.ts';
import { profileLengthS } from '../model/scenario.ts';
import type { InitSample, Trial } from '../model/trial.ts';
import { type CompletionJob, complete, recorded, type Warn } from './complete-trial.ts';
import { burstWarnings } from './host-rate.ts';
import type { LiveCell } from './provision.ts';
import { hostRenewals } from './renewals.ts';
import { checkUnexpired, signingKeys } from './signing-keys.ts';
import type { RunSettings, Tools } from './types.ts';

interface TrialJob extends CompletionJob {
  live: Omit<LiveCell, 'artifact'>;
  seed: number;
  /** Share of the requests that are traced. */
  traceShare: number;
  /** Environments the host can initialise a second, where the run measured it. */
  hostInitsPerS: number | null;
  /** Initialisations measured before the load. */
  inits: InitSample[];
  tools: Tools;
  settings: RunSettings;
}

/**
 * One execution of a cell: none of its environments, load, telemetry, merge, record. The record is on
 * disk when this resolves or rejects; what had been measured by then stays in the trial's folder.
 */
export async function runTrial(job: TrialJob): Promise<Trial> {
  const { live, folder } = job;
  const record: Trial = {
    version: 1,
    cellId: live.cell.id,
    trial: folder.trial,
    status: 'failed',
    window: { startedUs: nowUs(), endedUs: nowUs() },
    engine: null,
    host: null,
    inits: job.inits,
    collections: [],
    merge: null,
    warnings: [],
  };
  folder.write(record);
  return await recorded(job, record, async (warn) => {
    await measure(job, record, warn);
    // From here on it can be completed from disk, should this process end.
    record.loadEnded = true;
    folder.write(record);
    await complete(job, record, warn);
  });
}

async function measure(job: TrialJob, record: Trial, warn: Warn): Promise<void> {
  const { live, tools, settings, sink, signal } = job;
  const { profile } = live.cell;
  warn(burstWarnings(profile, job.hostInitsPerS));
  // Before anything of it costs: they may be refused.
  const credentials = await signingKeys(live.endpoint, profile, settings.requestTimeoutS);
  await tools.target.beginTrial(live.endpoint);
  const renewals =
    profile.kind === 'cold'
      ? await hostRenewals((closed) =>
          tools.target.renewEnvironments(live.endpoint, AbortSignal.any([signal, closed])),
        )
      : null;
  const plan: LoadPlan = {
    version: 1,
    url: live.endpoint.url,
    asEvent: live.endpoint.asEvent,
    signing: live.endpoint.signing,
    traceShare: job.traceShare,
    headers: live.endpoint.headers,
    renewUrl: renewals?.url ?? null,
    profile,
    seed: job.seed,
    requestTimeoutS: settings.requestTimeoutS,
    maxVus: settings.maxVus,
    // Where the user's files lie is nothing a record of the load needs.
    operations: live.operations.map(({ origin: _, ...sent }) => sent),
  };
  const expectedS = profileLengthS(plan.profile);
  record.window.startedUs = nowUs();
  // A database that dies takes the trial with it: driving on would measure its absence.
  const broken = new AbortController();
  void live.backend.failure?.then((error) => broken.abort(error));
  try {
    const { facts, warnings } = await tools.engine.run({
      plan,
      credentials,
      rawFolder: job.folder.rawPath,
      supervisor: tools.supervisor,
      signal: AbortSignal.any([signal, broken.signal]),
      progress: (progress) => sink({ kind: 'load', cell: live.cell, expectedS, progress }),
    });
    record.engine = facts;
    warn(warnings);
    broken.signal.throwIfAborted();
    checkUnexpired(credentials, nowUs());
  } catch (error) {
    if (broken.signal.aborted) throw broken.signal.reason;
    // What k6 says of it is at second hand.
    throw renewals?.failure() ?? error;
  } finally {
    await renewals?.close();
    record.window.endedUs = nowUs();
  }
  sink({ kind: 'step', text: `${live.cell.id}: ending the trial` });
  record.host = await tools.target.endTrial(live.endpoint);
  warn(live.backend.trialWarnings?.(record.host) ?? []);
}
