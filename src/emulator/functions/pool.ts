import { nowUs } from '../../base/clock.ts';
import { newLogStream } from '../ids.ts';
import { NO_TELEMETRY } from '../telemetry/no-telemetry.ts';
import type { FunctionConfiguration, InvocationRequest, InvocationResult } from '../types.ts';
import { Environment, type EnvironmentOwner } from './environment.ts';
import { type Slots, TokenBucket } from './limits.ts';
import {
  failurePayload,
  type InitOutcome,
  type Invocation,
  initReport,
  newInvocation,
  recordOf,
  timeoutFailure,
} from './outcomes.ts';
import { notStarted, type Refusal, SHUTTING_DOWN } from './refusals.ts';
import type { Launch } from './sandbox.ts';
import type { FunctionHostSettings } from './settings.ts';

/** What a function's pool needs of the host. */
export interface PoolHost extends Omit<EnvironmentOwner, 'onIdle' | 'onGone'> {
  readonly settings: FunctionHostSettings;
  readonly initSlots: Slots;
  /** How to start a process for an environment of this configuration. */
  launcher(configuration: FunctionConfiguration, logStream: string): Launch;
  /** Null where another environment may be started. */
  refusal(configuration: FunctionConfiguration): Refusal | null;
  environmentStarted(environment: Environment): void;
  environmentGone(environment: Environment, expected: boolean): void;
  waitedForInit(us: number): void;
}

type Settle = (result: InvocationResult) => void;

/**
 * How long a request waits for an environment that has answered and is about to ask for the next
 * invocation. A caller on AWS is further away than that; here its next request can be quicker.
 */
const READY_GRACE_MS = 2;

/**
 * The environments of one function. A request takes an idle environment, else it starts one and is
 * bound to it, as on Lambda: also while it waits for its turn to initialise, which is the host's
 * fault and recorded as such. Taking an environment that becomes free meanwhile would be quicker,
 * but would hide cold starts that Lambda has.
 */
export class Pool {
  configuration: FunctionConfiguration;
  readonly #host: PoolHost;
  readonly #owner: EnvironmentOwner;
  /** Oldest first. */
  readonly #idle: { environment: Environment; sinceUs: number }[] = [];
  readonly #all = new Set<Environment>();
  /** Those that wait for their turn to initialise. */
  readonly #queued = new Set<Environment>();
  readonly #rate: TokenBucket;
  /** Requests within their READY_GRACE_MS, oldest first. */
  readonly #waiting = new Map<Invocation, NodeJS.Timeout>();

  constructor(host: PoolHost, configuration: FunctionConfiguration) {
    this.#host = host;
    this.configuration = configuration;
    this.#rate = new TokenBucket(host.settings.environmentsPer10S, 10_000_000, nowUs());
    this.#owner = {
      telemetry: host.telemetry,
      onIdle: (environment) => this.#onIdle(environment),
      onGone: (environment, expected) => this.#onGone(environment, expected),
      onLine: (requestId, line) => host.onLine(requestId, line),
    };
  }

  invoke(request: InvocationRequest, settle: Settle): void {
    const idle =
      this.#host.settings.idleOrder === 'most-recent' ? this.#idle.pop() : this.#idle.shift();
    if (idle !== undefined) {
      idle.environment.invoke(newInvocation(request, settle), this.#timeoutMs(idle.environment));
      return;
    }
    const invocation = newInvocation(request, settle);
    if (this.#soonIdle() > this.#waiting.size) {
      const timer = setTimeout(() => {
        this.#waiting.delete(invocation);
        this.#startFor(invocation);
      }, READY_GRACE_MS);
      this.#waiting.set(invocation, timer);
    } else this.#startFor(invocation);
  }

  #startFor(invocation: Invocation): void {
    const limit = this.#host.settings.environmentsPer10S;
    if (!this.#rate.take(nowUs())) {
      invocation.settle({
        kind: 'refused',
        reason: 'FunctionInvocationRateLimitExceeded',
        message: `Rate Exceeded: more than ${limit} new environments in 10 s`,
      });
      return;
    }
    const refusal = this.#host.refusal(this.configuration);
    if (refusal !== null) invocation.settle(refusal);
    else void this.#invokeNew(invocation);
  }

  #soonIdle(): number {
    let count = 0;
    for (const { state, retiring } of this.#all) if (state === 'answered' && !retiring) count += 1;
    return count;
  }

  /**
   * Initialises an environment that gets no invocation, and ends it.
   * @param unseen it leaves no log and is not counted
   */
  async tryInit(unseen: boolean): Promise<InitOutcome> {
    const { initSlots, settings } = this.#host;
    const owner = unseen ? { ...this.#owner, telemetry: NO_TELEMETRY } : this.#owner;
    const environment = new Environment(owner, this.configuration, newLogStream(nowUs()));
    environment.retiring = true;
    this.#all.add(environment);
    if (!unseen) this.#host.environmentStarted(environment);
    await initSlots.take();
    try {
      const outcome = await this.#start(environment, settings.initTimeoutMs);
      if (outcome.kind === 'ready') void environment.end();
      else environment.kill();
      await environment.gone;
      return outcome;
    } finally {
      initSlots.give();
    }
  }

  /** Existing environments finish their invocation and go. */
  retireAll(): void {
    for (const environment of this.#all) environment.retiring = true;
    for (const { environment } of this.#idle.splice(0)) void environment.end();
  }

  /** All environments of now are gone when this resolves. */
  async endAll(): Promise<void> {
    const all = [...this.#all];
    this.retireAll();
    await Promise.all(all.map((environment) => environment.gone));
  }

  async killAll(): Promise<void> {
    this.#idle.length = 0;
    const all = [...this.#all];
    for (const environment of all) {
      if (this.#queued.has(environment)) environment.abandon();
      else environment.kill();
    }
    await Promise.all(all.map((environment) => environment.gone));
  }

  /** Ends environments that have been idle since before an instant. */
  reap(beforeUs: number): void {
    while (this.#idle[0] !== undefined && this.#idle[0].sinceUs < beforeUs) {
      const oldest = this.#idle.shift();
      if (oldest !== undefined) void oldest.environment.end();
    }
  }

  async #invokeNew(invocation: Invocation): Promise<void> {
    const logStream = newLogStream(nowUs());
    const host = this.#host;
    const first = new Environment(this.#owner, this.configuration, logStream);
    this.#all.add(first);
    host.environmentStarted(first);
    this.#queued.add(first);
    const waitedUs = await host.initSlots.take();
    this.#queued.delete(first);
    host.waitedForInit(waitedUs);
    if (first.state === 'gone') {
      host.initSlots.give();
      invocation.settle(SHUTTING_DOWN);
      return;
    }
    this.#platformLine(logStream, `INIT_START Runtime Version: ${this.configuration.runtime}\n`);
    const outcome = await this.#start(first, host.settings.initTimeoutMs);
    if (outcome.kind === 'ready') {
      host.initSlots.give();
      const { startedUs, endedUs } = outcome;
      invocation.init = { startedUs, endedUs, billed: true };
      first.invoke(invocation, this.#timeoutMs(first));
      return;
    }
    if (outcome.kind === 'not_started') {
      host.initSlots.give();
      invocation.settle(host.refusal(this.configuration) ?? notStarted(outcome.message));
      return;
    }
    // As Lambda does: the init is tried once more, now within the invocation and its time limit.
    this.#platformLine(logStream, initReport(outcome, 'init'));
    first.kill();
    await first.gone;
    const refusal = host.refusal(this.configuration);
    if (refusal === null) await this.#invokeAgain(invocation, logStream);
    else invocation.settle(refusal);
    host.initSlots.give();
  }

  async #invokeAgain(invocation: Invocation, logStream: string): Promise<void> {
    const second = new Environment(this.#owner, this.configuration, logStream);
    this.#all.add(second);
    this.#host.environmentStarted(second);
    invocation.invokedUs = nowUs();
    const limitMs = this.#timeoutMs(second);
    const outcome = await this.#start(second, limitMs);
    if (outcome.kind === 'ready') {
      const usedMs = (nowUs() - invocation.invokedUs) / 1000;
      second.invoke(invocation, Math.max(1, limitMs - usedMs));
      return;
    }
    if (outcome.kind === 'not_started') {
      invocation.settle(this.#host.refusal(this.configuration) ?? notStarted(outcome.message));
      return;
    }
    this.#platformLine(logStream, initReport(outcome, 'invoke'));
    second.kill();
    await second.gone;
    this.#settleFailedInit(invocation, second, outcome);
  }

  #settleFailedInit(
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
      this.#platformLine(
        environment.logStream,
        `${new Date().toISOString()} ${requestId} ${text}\n\n`,
      );
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
    this.#host.telemetry.invocation(record);
    invocation.settle({
      kind: 'function_error',
      payload: timedOut ? failurePayload(failure) : outcome.payload,
      errorType,
      record,
    });
  }

  #start(environment: Environment, limitMs: number): Promise<InitOutcome> {
    const { configuration, logStream } = environment;
    return environment.start(this.#host.launcher(configuration, logStream), limitMs);
  }

  #onIdle(environment: Environment): boolean {
    if (environment.retiring) {
      void environment.end();
      return true;
    }
    for (const [invocation, timer] of this.#waiting) {
      clearTimeout(timer);
      this.#waiting.delete(invocation);
      environment.invoke(invocation, this.#timeoutMs(environment));
      return true;
    }
    this.#idle.push({ environment, sinceUs: nowUs() });
    return false;
  }

  #onGone(environment: Environment, expected: boolean): void {
    this.#all.delete(environment);
    const at = this.#idle.findIndex((idle) => idle.environment === environment);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#host.environmentGone(environment, expected);
  }

  #platformLine(environment: string, message: string): void {
    const { name: functionName } = this.configuration;
    this.#host.telemetry.log({ functionName, environment, atUs: nowUs(), message });
  }

  #timeoutMs(environment: Environment): number {
    return environment.configuration.timeoutS * 1000;
  }
}
