import { nowUs } from '../../base/clock.ts';
import { ToolError } from '../../base/errors.ts';
import { newLogStream } from '../ids.ts';
import type { FunctionConfiguration, InvocationRecord, ProvisionedUse } from '../types.ts';
import { Environment, type EnvironmentOwner } from './environment.ts';
import { TokenBucket } from './limits.ts';
import { type Invocation, initProblemOf } from './outcomes.ts';
import { logInitReport, logInitStart, type PoolHost } from './pool-host.ts';
import { SHUTTING_DOWN } from './refusals.ts';

/** What provisioned environments need of their pool. */
export interface ProvisionedPlace {
  configuration(): FunctionConfiguration;
  /** A request that waits for an environment to become free; null where none does. */
  nextWaiting(): Invocation | null;
}

interface Member {
  /** Ended its initialisation; of the init its first invocation tells. */
  ready: boolean;
  init: InvocationRecord['init'];
}

/**
 * Lambda lets an init of provisioned concurrency take 130 s or the function's timeout, whichever is
 * more. Source: Lambda Developer Guide, "Lambda execution environment lifecycle".
 */
const INIT_LIMIT_S = 130;

/**
 * Provisioned concurrency of one version: environments that are initialised before any request asks,
 * at the function's own quota, and are replaced when they end. Requests take them before any on
 * demand, as long as these are no more than ten per second for each of what is provisioned. One that
 * does not initialise is not tried again before the next change: it would take the host's CPU for
 * nothing.
 */
export class Provisioned {
  readonly #host: PoolHost;
  readonly #place: ProvisionedPlace;
  readonly #owner: EnvironmentOwner;
  /** Also those that are about to go. */
  readonly #all = new Map<Environment, Member>();
  readonly #queued = new Set<Environment>();
  /** Oldest first. */
  readonly #idle: Environment[] = [];
  readonly #waiters = new Set<PromiseWithResolvers<void>>();
  readonly #rate = new TokenBucket(0, 1_000_000, nowUs());
  #requested = 0;
  #problem: string | null = null;
  #closed = false;

  constructor(host: PoolHost, place: ProvisionedPlace) {
    this.#host = host;
    this.#place = place;
    this.#owner = {
      telemetry: host.telemetry,
      onIdle: (environment) => this.#onIdle(environment),
      onGone: (environment, expected) => this.#onGone(environment, expected),
      onLine: (requestId, line) => host.onLine(requestId, line),
    };
  }

  get requested(): number {
    return this.#requested;
  }

  /** Initialised, free or not. */
  get available(): number {
    let count = 0;
    for (const [environment, { ready }] of this.#all) {
      if (ready && !environment.retiring && !environment.killed) count += 1;
    }
    return count;
  }

  /** Why there are fewer than were asked for, where no more are started; null: they are. */
  get problem(): string | null {
    return this.#problem;
  }

  get environments(): Iterable<Environment> {
    return this.#all.keys();
  }

  /** Resolves when those that are too many are gone; see ready(). */
  async resize(environments: number): Promise<void> {
    this.#requested = environments;
    this.#rate.resize(environments * this.#host.settings.requestsPerConcurrency);
    this.#problem = null;
    const surplus = this.#wanted().slice(environments);
    for (const environment of surplus) this.#retire(environment);
    const missing = environments - this.#all.size;
    const refusal = missing > 0 ? this.#host.refusal(this.#place.configuration(), missing) : null;
    if (refusal === null) this.#fill();
    else this.#fail(refusal.message);
    await Promise.all(surplus.map((environment) => environment.gone));
  }

  /**
   * Resolves when there are as many as were asked for.
   * @throws ToolError where one did not initialise or could not be started
   */
  async ready(): Promise<void> {
    const waiter = Promise.withResolvers<void>();
    this.#waiters.add(waiter);
    this.#tellWaiters();
    await waiter.promise;
  }

  /** False where none is free, or they have had as many requests as they may. */
  invoke(invocation: Invocation): boolean {
    if (this.#idle.length === 0 || !this.#rate.take(nowUs())) return false;
    const mostRecent = this.#host.settings.idleOrder === 'most-recent';
    const environment = mostRecent ? this.#idle.pop() : this.#idle.shift();
    if (environment === undefined) return false;
    this.#give(environment, invocation);
    return true;
  }

  /** What an invocation that runs on demand tells of provisioned concurrency. */
  spillover(): ProvisionedUse | null {
    const allocated = this.#requested;
    return allocated === 0 ? null : { busy: this.#busy(), allocated, spillover: true };
  }

  /** Those of now finish their invocation and go; each is replaced when it is gone. */
  retireAll(): void {
    this.#problem = null;
    for (const environment of this.#wanted()) this.#retire(environment);
    this.#fill();
  }

  async killAll(): Promise<void> {
    this.#closed = true;
    this.#tellWaiters();
    this.#idle.length = 0;
    const all = [...this.#all.keys()];
    for (const environment of all) {
      if (this.#queued.has(environment)) environment.abandon();
      else environment.kill();
    }
    await Promise.all(all.map((environment) => environment.gone));
  }

  #fill(): void {
    while (!this.#closed && this.#problem === null && this.#all.size < this.#requested) {
      const refusal = this.#host.refusal(this.#place.configuration(), 1);
      if (refusal === null) void this.#start();
      else this.#fail(refusal.message);
    }
    this.#tellWaiters();
  }

  async #start(): Promise<void> {
    const host = this.#host;
    const configuration = this.#place.configuration();
    const environment = new Environment(
      this.#owner,
      configuration,
      newLogStream(nowUs(), configuration.version),
    );
    const member: Member = { ready: false, init: null };
    this.#all.set(environment, member);
    host.environmentStarted(environment);
    this.#queued.add(environment);
    await host.initSlots.take();
    this.#queued.delete(environment);
    try {
      if (environment.state === 'gone') return;
      logInitStart(host, environment, 'provisioned-concurrency');
      const { timeoutS } = configuration;
      const launch = host.launcher(configuration, environment.logStream, 'provisioned-concurrency');
      const limitMs = Math.max(INIT_LIMIT_S, timeoutS) * 1000;
      const outcome = await environment.start(launch, limitMs);
      if (outcome.kind === 'ready') {
        const { startedUs, endedUs } = outcome;
        member.init = { startedUs, endedUs, billed: false };
        member.ready = true;
        if (environment.retiring) void environment.end();
        else {
          // Not to a request that waits already: it came before this init was over.
          this.#idle.push(environment);
          environment.rest();
          this.#tellWaiters();
        }
        return;
      }
      if (outcome.kind === 'failed') {
        // Of one that was ended while it initialised there is nothing to tell.
        if (!environment.retiring) {
          logInitReport(host, environment, outcome, 'init', 'provisioned-concurrency');
        }
        environment.kill();
        await environment.gone;
      }
      if (!environment.retiring) {
        const { name } = configuration;
        this.#fail(`provisioned concurrency: ${name} ${initProblemOf(outcome, limitMs)}`);
      }
    } finally {
      host.initSlots.give();
    }
  }

  #give(environment: Environment, invocation: Invocation): void {
    const member = this.#all.get(environment);
    if (member !== undefined) {
      invocation.init = member.init;
      member.init = null;
    }
    const busy = this.#busy() + 1;
    invocation.provisioned = { busy, allocated: this.#requested, spillover: false };
    environment.invoke(invocation, environment.configuration.timeoutS * 1000);
  }

  #retire(environment: Environment): void {
    environment.retiring = true;
    const at = this.#idle.indexOf(environment);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#queued.has(environment)) environment.abandon();
    else if (at >= 0 || environment.state === 'starting') void environment.end();
  }

  #onIdle(environment: Environment): boolean {
    if (environment.retiring) {
      void environment.end();
      return true;
    }
    const waiting = this.#rate.has(nowUs()) ? this.#place.nextWaiting() : null;
    if (waiting !== null) {
      this.#rate.take(nowUs());
      this.#give(environment, waiting);
      return true;
    }
    this.#idle.push(environment);
    return false;
  }

  #onGone(environment: Environment, expected: boolean): void {
    const member = this.#all.get(environment);
    this.#all.delete(environment);
    const at = this.#idle.indexOf(environment);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#host.environmentGone(environment, expected);
    // Where its init failed, #start says so, and it is not replaced.
    if (member?.ready === true || environment.retiring) this.#fill();
  }

  #fail(problem: string): void {
    this.#problem = this.#closed ? SHUTTING_DOWN.message : problem;
    this.#tellWaiters();
  }

  #tellWaiters(): void {
    const problem = this.#closed ? SHUTTING_DOWN.message : this.#problem;
    if (problem === null && this.available < this.#requested) return;
    for (const waiter of this.#waiters) {
      if (problem === null) waiter.resolve();
      else waiter.reject(new ToolError(problem));
    }
    this.#waiters.clear();
  }

  /** Those that are to stay, in the order in which they are worth keeping. */
  #wanted(): Environment[] {
    const wanted = [...this.#all].filter(([environment]) => !environment.retiring);
    wanted.sort(([, a], [, b]) => Number(b.ready) - Number(a.ready));
    return wanted.map(([environment]) => environment);
  }

  #busy(): number {
    let count = 0;
    for (const { state } of this.#all.keys()) if (state === 'busy') count += 1;
    return count;
  }
}
