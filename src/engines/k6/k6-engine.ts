import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nowUs } from '../../base/clock.ts';
import { ToolError } from '../../base/errors.ts';
import type { SupervisedProcess } from '../../base/processes/supervisor.ts';
import type { Engine } from '../../model/ports.ts';
import { RAW_FILES } from '../../model/raw.ts';
import {
  type LoadPlan,
  type LoadProfile,
  profileLengthS,
  RENEW_TIMEOUT_S,
  requestsPerIteration,
  scheduledIterations,
} from '../../model/scenario.ts';
import type { EngineFacts } from '../../model/trial.ts';
import { scenarioScript, startK6, writePlan } from './command.ts';
import { watchCpu } from './cpu-time.ts';
import { ADDRESS_TAKEN, failureOf, unwrittenSamples } from './exit.ts';
import type { K6 } from './find-k6.ts';
import { watchProgress } from './live-progress.ts';
import { loadWarnings } from './load-warnings.ts';
import { readSummary } from './summary.ts';

/** From SIGINT, on which k6 writes out what it has, to SIGKILL. */
const GRACE_MS = 10_000;
/** Beyond the schedule and the last request's timeout: making virtual users, writing out. */
const SLACK_S = 120;
const STARTS = 3;

type Job = Parameters<Engine['run']>[0];

/**
 * The engine that drives load with k6. `script` is the k6 program.
 * @default script scenarios/graphql.ts of this package
 */
export function createK6Engine(k6: K6, script: string = scenarioScript()): Engine {
  return { name: 'k6', version: k6.version, run: (job) => runTrial(k6, script, job) };
}

async function runTrial(k6: K6, script: string, job: Job): ReturnType<Engine['run']> {
  job.signal.throwIfAborted();
  const privateFolder = job.supervisor.ownFolder('bench-k6-run');
  try {
    const planPath = writePlan(job.plan, privateFolder, job.rawFolder);
    for (let start = 1; ; start += 1) {
      const outcome = await drive(k6, script, job, planPath, privateFolder);
      if (outcome.exit === ADDRESS_TAKEN && start < STARTS) continue;
      return finish(k6, job, outcome);
    }
  } finally {
    rmSync(privateFolder, { recursive: true, force: true });
  }
}

interface Outcome {
  exit: number | NodeJS.Signals;
  startedUs: number;
  endedUs: number;
  cpuUs: number;
  late: boolean;
}

/** One k6 process from its start to its end, however that comes. */
async function drive(
  k6: K6,
  script: string,
  job: Job,
  planPath: string,
  homeFolder: string,
): Promise<Outcome> {
  const { rawFolder, supervisor, credentials } = job;
  const startedUs = nowUs();
  const run = await startK6({
    executable: k6.path,
    planPath,
    rawFolder,
    homeFolder,
    credentials,
    supervisor,
    script,
  });
  const stopper = stopperOf(run.process);
  const cpu = watchCpu(run.process.pid);
  const live = watchProgress(run.api, job.progress);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    stopper.stop();
  }, longestMs(job.plan));
  job.signal.addEventListener('abort', stopper.stop, { once: true });
  if (job.signal.aborted) stopper.stop();
  try {
    const exit = await run.process.ended;
    return { exit, startedUs, endedUs: nowUs(), cpuUs: cpu.stop(), late };
  } finally {
    live.stop();
    cpu.stop();
    clearTimeout(deadline);
    stopper.done();
    job.signal.removeEventListener('abort', stopper.stop);
  }
}

function finish(k6: K6, job: Job, outcome: Outcome): Awaited<ReturnType<Engine['run']>> {
  const { exit, startedUs, endedUs, cpuUs } = outcome;
  job.signal.throwIfAborted();
  if (outcome.late) {
    throw new ToolError(`k6 had not ended ${SLACK_S} s after its schedule, and was stopped`);
  }
  const log = join(job.rawFolder, RAW_FILES.k6Log);
  if (exit !== 0) throw failureOf(exit, log);
  const unwritten = unwrittenSamples(log, join(job.rawFolder, RAW_FILES.k6Samples));
  if (unwritten !== null) throw unwritten;
  const summary = readSummary(join(job.rawFolder, RAW_FILES.k6Summary));
  const facts: EngineFacts = {
    name: 'k6',
    version: k6.version,
    exitCode: exit,
    startedUs,
    endedUs,
    iterations: summary.iterations,
    droppedIterations: summary.dropped,
    scheduledIterations: scheduledIterations(job.plan.profile),
    cpuUs,
    vusMax: summary.vusMax,
  };
  const sent = summary.iterations * requestsPerIteration(job.plan.profile);
  return { facts, warnings: loadWarnings(facts, { sent, samples: summary.samples }) };
}

/** SIGINT, and SIGKILL where that is not heeded. */
function stopperOf(process: SupervisedProcess): { stop(): void; done(): void } {
  let kill: NodeJS.Timeout | undefined;
  return {
    stop: () => {
      process.signal('SIGINT');
      kill ??= setTimeout(() => process.signal('SIGKILL'), GRACE_MS);
    },
    done: () => clearTimeout(kill),
  };
}

function longestMs({ profile, requestTimeoutS }: LoadPlan): number {
  return (scheduleS(profile, requestTimeoutS) + requestTimeoutS + SLACK_S) * 1000;
}

/** The longest the schedule takes; of forced cold starts where each of their parts takes its longest. */
function scheduleS(profile: LoadProfile, requestTimeoutS: number): number {
  switch (profile.kind) {
    case 'cold':
      return (
        profile.coldStarts * (RENEW_TIMEOUT_S + requestsPerIteration(profile) * requestTimeoutS)
      );
    case 'closed':
      return profileLengthS(profile) + profile.thinkTimeS;
    default:
      return profileLengthS(profile);
  }
}
