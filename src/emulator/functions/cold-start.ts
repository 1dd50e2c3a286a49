import { nowUs } from '../../base/clock.ts';
import type { Environment } from './environment.ts';
import type { InitLine } from './init-line.ts';
import { exitLine, platformErrorType, timeoutLine } from './life-cycle-lines.ts';
import {
  exitFailure,
  type FailedInit,
  type Failure,
  failurePayload,
  type InitOutcome,
  type Invocation,
  recordOf,
  timeoutFailure,
} from './outcomes.ts';
import { logInitReport, logInitStart, logPlatformLine, type PoolHost } from './pool-host.ts';
import { notStarted, SHUTTING_DOWN } from './refusals.ts';

/** Where a request's own environment is started. */
export interface ColdStartPlace {
  readonly host: PoolHost;
  readonly line: InitLine;
  /**
   * A new environment of the function as it is configured now, not started yet.
   * @param logStream null: a new one
   */
  open(logStream: string | null): Environment;
}

/**
 * An on-demand initialisation, and the invocation it is for. The request is bound to the environment,
 * as on Lambda: also while it waits for its turn to initialise, which is the host's fault and recorded
 * as such. Only where the host does not follow another environment serves it; see InitLine.
 */
export async function invokeNew(place: ColdStartPlace, invocation: Invocation): Promise<void> {
  const { host } = place;
  const environment = place.open(null);
  if (!(await place.line.turn(environment, invocation))) return;
  try {
    if (environment.state === 'gone') invocation.settle(SHUTTING_DOWN);
    else {
      // Those before it have taken memory since it came.
      const refusal = host.refusal(environment.configuration, 1);
      if (refusal === null) await initialiseAndInvoke(place, environment, invocation);
      else {
        environment.abandon();
        invocation.settle(refusal);
      }
    }
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
  host.environmentStarted(environment);
  logInitStart(host, environment);
  const outcome = await start(host, environment, host.settings.initTimeoutMs);
  switch (outcome.kind) {
    case 'ready': {
      const { startedUs, endedUs } = outcome;
      place.line.initTook(endedUs - startedUs);
      invocation.init = { startedUs, endedUs, billed: true };
      environment.invoke(invocation, configuration.timeoutS * 1000);
      return;
    }
    case 'not_started':
      invocation.settle(host.refusal(configuration, 1) ?? notStarted(outcome.message));
      return;
    case 'failed': {
      // As Lambda does: the init is tried once more, now within the invocation and its time limit.
      logInitReport(host, environment, outcome, 'init');
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
  host.environmentStarted(environment);
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
  logInitReport(host, environment, outcome, 'invoke');
  environment.kill();
  await environment.gone;
  settleFailedInit(host, invocation, environment, outcome);
}

function settleFailedInit(
  host: PoolHost,
  invocation: Invocation,
  environment: Environment,
  outcome: FailedInit,
): void {
  const { configuration, logStream } = environment;
  const { requestId } = invocation.request;
  const { status, exit } = outcome;
  let failure: Failure | null = null;
  if (status === 'timeout') {
    failure = timeoutFailure(requestId, configuration.timeoutS);
    logPlatformLine(host, environment, timeoutLine(configuration, requestId));
  } else if (exit !== null) {
    failure = exitFailure(requestId, exit);
    logPlatformLine(host, environment, exitLine(failure));
  }
  const outOfMemory = exit?.outOfMemory === true;
  const record = recordOf(invocation, {
    environment: logStream,
    configuration,
    producedBytes: 0,
    maxMemoryMb: outOfMemory ? configuration.memoryMb : environment.peakMemoryMb(),
    endedUs: nowUs(),
    status,
    errorType: outOfMemory
      ? 'Runtime.OutOfMemory'
      : (failure?.errorType ?? platformErrorType(outcome.errorType)),
  });
  host.telemetry.invocation(record);
  const payload = failure === null ? outcome.payload : failurePayload(failure);
  const errorType = failure?.errorType ?? outcome.errorType;
  invocation.settle({ kind: 'function_error', payload, errorType, streamed: false, record });
}

function start(host: PoolHost, environment: Environment, limitMs: number): Promise<InitOutcome> {
  const { configuration, logStream } = environment;
  return environment.start(host.launcher(configuration, logStream, 'on-demand'), limitMs);
}
