import { nowUs } from '../../base/clock.ts';
import { newLogStream } from '../ids.ts';
import type { Environment } from './environment.ts';
import {
  failurePayload,
  type InitOutcome,
  type Invocation,
  initReport,
  recordOf,
  timeoutFailure,
} from './outcomes.ts';
import { logInitStart, logPlatformLine, type PoolHost } from './pool-host.ts';
import { notStarted, SHUTTING_DOWN } from './refusals.ts';

/** Where a request's own environment is started. */
export interface ColdStartPlace {
  readonly host: PoolHost;
  /** Those that wait for their turn to initialise. */
  readonly queued: Set<Environment>;
  /** A new environment of the function as it is configured now, not started yet. */
  open(logStream: string): Environment;
}

/**
 * An on-demand initialisation, and the invocation it is for. The request is bound to the environment,
 * as on Lambda: also while it waits for its turn to initialise, which is the host's fault and recorded
 * as such.
 */
export async function invokeNew(place: ColdStartPlace, invocation: Invocation): Promise<void> {
  const { host, queued } = place;
  const environment = place.open(newLogStream(nowUs()));
  queued.add(environment);
  const waitedUs = await host.initSlots.take();
  queued.delete(environment);
  host.waitedForInit(waitedUs);
  try {
    if (environment.state === 'gone') invocation.settle(SHUTTING_DOWN);
    else await initialiseAndInvoke(place, environment, invocation);
  } finally {
    host.initSlots.give();
  }
}

async function initialiseAndInvoke(
  place: ColdStartPlace,
  environment: Environment,
  invocation: Invocation,
): Promise<void> {
  const { host } = place;
  const { configuration } = environment;
  logInitStart(host, environment);
  const outcome = await start(host, environment, host.settings.initTimeoutMs);
  switch (outcome.kind) {
    case 'ready': {
      const { startedUs, endedUs } = outcome;
      invocation.init = { startedUs, endedUs, billed: true };
      environment.invoke(invocation, configuration.timeoutS * 1000);
      return;
    }
    case 'not_started':
      invocation.settle(host.refusal(configuration, 1) ?? notStarted(outcome.message));
      return;
    case 'failed': {
      // As Lambda does: the init is tried once more, now within the invocation and its time limit.
      logPlatformLine(host, environment, initReport(outcome, 'init'));
      environment.kill();
      await environment.gone;
      const refusal = host.refusal(configuration, 1);
      if (refusal === null) await initialiseWithin(place, environment.logStream, invocation);
      else invocation.settle(refusal);
    }
  }
}

async function initialiseWithin(
  place: ColdStartPlace,
  logStream: string,
  invocation: Invocation,
): Promise<void> {
  const { host } = place;
  const environment = place.open(logStream);
  const { configuration } = environment;
  invocation.invokedUs = nowUs();
  const limitMs = configuration.timeoutS * 1000;
  const outcome = await start(host, environment, limitMs);
  if (outcome.kind === 'ready') {
    const usedMs = (nowUs() - invocation.invokedUs) / 1000;
    environment.invoke(invocation, Math.max(1, limitMs - usedMs));
    return;
  }
  if (outcome.kind === 'not_started') {
    invocation.settle(host.refusal(configuration, 1) ?? notStarted(outcome.message));
    return;
  }
  logPlatformLine(host, environment, initReport(outcome, 'invoke'));
  environment.kill();
  await environment.gone;
  settleFailedInit(host, invocation, environment, outcome);
}

function settleFailedInit(
  host: PoolHost,
  invocation: Invocation,
  environment: Environment,
  outcome: Extract<InitOutcome, { kind: 'failed' }>,
): void {
  const { memoryMb, timeoutS } = environment.configuration;
  const { requestId } = invocation.request;
  const timedOut = outcome.status === 'timeout';
  const failure = timeoutFailure(requestId, timeoutS);
  if (timedOut) {
    const text = `Task timed out after ${timeoutS.toFixed(2)} seconds`;
    logPlatformLine(host, environment, `${new Date().toISOString()} ${requestId} ${text}\n\n`);
  }
  const errorType = timedOut ? failure.errorType : outcome.errorType;
  const record = recordOf(invocation, {
    environment: environment.logStream,
    memoryMb,
    maxMemoryMb: environment.peakMemoryMb(),
    endedUs: nowUs(),
    status: outcome.status,
    errorType,
  });
  host.telemetry.invocation(record);
  const payload = timedOut ? failurePayload(failure) : outcome.payload;
  invocation.settle({ kind: 'function_error', payload, errorType, record });
}

function start(host: PoolHost, environment: Environment, limitMs: number): Promise<InitOutcome> {
  const { configuration, logStream } = environment;
  return environment.start(host.launcher(configuration, logStream, 'on-demand'), limitMs);
}
