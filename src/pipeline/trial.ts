import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nowUs } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { mergeTrial, readLoad } from '../merge/merge-trial.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { LoadPlan } from '../model/scenario.ts';
import { profileLengthS } from '../model/scenario.ts';
import type { InitSample, Trial } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';
import type { TrialFolder } from '../store/run-store.ts';
import { burstWarnings } from './host-rate.ts';
import type { LiveCell } from './provision.ts';
import { hostRenewals } from './renewals.ts';
import { checkUnexpired, signingKeys } from './signing-keys.ts';
import type { RunSettings, RunSink, Tools } from './types.ts';

interface TrialJob {
  live: LiveCell;
  folder: TrialFolder;
  seed: number;
  /** Share of the requests that are traced. */
  traceShare: number;
  /** Environments the host can initialise a second, where the run measured it. */
  hostInitsPerS: number | null;
  /** Initialisations measured before the load. */
  inits: InitSample[];
  tools: Tools;
  settings: RunSettings;
  sink: RunSink;
  signal: AbortSignal;
}

/**
 * One execution of a cell: none of its environments, load, telemetry, merge, record. The record is on
 * disk when this resolves or rejects; what had been measured by then stays in the trial's folder.
 */
export async function runTrial(job: TrialJob): Promise<Trial> {
  const { live, folder, sink } = job;
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
  const warn = (warnings: readonly Warning[]) => {
    for (const warning of warnings) {
      const placed = { ...warning, cellId: live.cell.id, trial: folder.trial };
      record.warnings.push(placed);
      sink({ kind: 'warning', warning: placed });
    }
  };
  folder.write(record);
  try {
    await measure(job, record, warn);
    await collect(job, record, warn);
    await merge(job, record, warn);
    record.status = 'finished';
  } catch (error) {
    record.window.endedUs = Math.max(record.window.endedUs, record.window.startedUs + 1);
    record.status = job.signal.aborted ? 'interrupted' : 'failed';
    warn([{ code: `trial-${record.status}`, severity: 'void', message: messageOf(error) }]);
    throw error;
  } finally {
    folder.write(record);
  }
  return record;
}

type Warn = (warnings: readonly Warning[]) => void;

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

async function collect(job: TrialJob, record: Trial, warn: Warn): Promise<void> {
  const { live, tools, settings, sink, signal } = job;
  sink({ kind: 'step', text: `${live.cell.id}: collecting traces, logs and metrics` });
  const load = await readLoad(job.folder.rawPath);
  const outcomes = await Promise.all(
    tools.collectors.map((collector) =>
      collector.collect({
        endpoint: live.endpoint,
        window: record.window,
        traceIds: load.traceIds,
        expectedReports: Math.max(0, load.expectedReports - hiddenThrottles(job, record)),
        rawFolder: job.folder.rawPath,
        deadlineMs: settings.collectDeadlineMs,
        signal,
      }),
    ),
  );
  for (const { collection, warnings } of outcomes) {
    record.collections.push(collection);
    warn(warnings);
  }
}

/**
 * Throttles whose answers look as if an environment had failed: the two APIs make a 500 of Lambda's
 * 429. Waiting for their REPORT lines would last until the deadline.
 */
function hiddenThrottles({ live }: TrialJob, { host }: Trial): number {
  const { front } = live.endpoint;
  return front === 'rest-api' || front === 'http-api' ? (host?.throttles ?? 0) : 0;
}

async function merge(job: TrialJob, record: Trial, warn: Warn): Promise<void> {
  const { live, folder, sink } = job;
  sink({ kind: 'step', text: `${live.cell.id}: joining` });
  const { counts, warnings } = await mergeTrial({ trialFolder: folder.path, cell: live.cell });
  record.merge = counts;
  warn(warnings);
  if (!job.settings.keepRaw) rmSync(join(folder.rawPath, RAW_FILES.k6Samples), { force: true });
}
