import { nowUs } from '../../base/clock.ts';
import { newLogStream } from '../ids.ts';
import { NO_TELEMETRY } from '../telemetry/no-telemetry.ts';
import type {
  FunctionConfiguration,
  InvocationRequest,
  InvocationResult,
  RefusalReason,
} from '../types.ts';
import { type ColdStartPlace, invokeNew } from './cold-start.ts';
import { Environment, type EnvironmentOwner } from './environment.ts';
import { InitLine } from './init-line.ts';
import type { TokenBucket } from './limits.ts';
import { type InitOutcome, type Invocation, newInvocation } from './outcomes.ts';
import type { PoolHost } from './pool-host.ts';
import { Provisioned } from './provisioned.ts';

type Settle = (result: InvocationResult) => void;

/**
 * How long a request waits for an environment that has answered and is about to ask for the next
 * invocation. A caller on AWS is further away than that; here its next request can be quicker.
 */
const READY_GRACE_MS = 2;

/** What the versions of a function have in common. */
export interface PoolShare {
  /** A token for each new environment. */
  readonly scaling: TokenBucket;
  /** Counts an invocation on demand in; or says why there is no room for it. */
  enter(): RefusalReason | null;
  leave(): void;
}

/**
 * The environments of one version of a function. A request takes an idle environment, a provisioned one
 * where there is one, else it starts one and is bound to it, as on Lambda. Taking an environment that
 * becomes free meanwhile would be quicker, but would hide cold starts that Lambda has; it does so only
 * where the host does not follow, see InitLine.
 */
export class Pool {
  readonly provisioned: Provisioned;
  readonly #configuration: () => FunctionConfiguration;
  readonly #host: PoolHost;
  readonly #share: PoolShare;
  readonly #owner: EnvironmentOwner;
  /** Oldest first. */
  readonly #idle: { environment: Environment; sinceUs: number }[] = [];
  /** Those on demand. */
  readonly #all = new Set<Environment>();
  readonly #line: InitLine;
  readonly #coldStarts: ColdStartPlace;
  /** Requests within their READY_GRACE_MS, oldest first. */
  readonly #waiting = new Map<Invocation, NodeJS.Timeout>();
  /** Invocations on demand that count as running. */
  readonly #entered = new Set<Invocation>();

  /** @param configuration of the version as it is now */
  constructor(host: PoolHost, share: PoolShare, configuration: () => FunctionConfiguration) {
    this.#host = host;
    this.#share = share;
    this.#configuration = configuration;
    this.#owner = {
      telemetry: host.telemetry,
      onIdle: (environment) => this.#onIdle(environment),
      onGone: (environment, expected) => this.#onGone(environment, expected),
      onLine: (requestId, line) => host.onLine(requestId, line),
    };
    this.#line = new InitLine(host, () => this.#serveOverdue());
    this.#coldStarts = { host, line: this.#line, open: (logStream) => this.#open(logStream) };
    this.provisioned = new Provisioned(host, {
      configuration,
      nextWaiting: () => this.#nextWaiting(),
    });
  }

  invoke(request: InvocationRequest, settle: Settle): void {
    const invocation: Invocation = newInvocation(request, (result) => {
      if (this.#entered.delete(invocation)) this.#share.leave();
      settle(result);
    });
    if (this.provisioned.invoke(invocation)) return;
    if (this.#idle.length > 0) {
      if (this.#enter(invocation)) this.#give(this.#takeIdle(), invocation);
    } else if (this.#soonIdle() > this.#waiting.size) {
      const timer = setTimeout(() => {
        this.#waiting.delete(invocation);
        this.#startFor(invocation);
      }, READY_GRACE_MS);
      this.#waiting.set(invocation, timer);
    } else this.#startFor(invocation);
  }

  /** Counts an invocation as running on demand; where there is no room it is settled, and false. */
  #enter(invocation: Invocation): boolean {
    const reason = this.#share.enter();
    if (reason === null) this.#entered.add(invocation);
    else invocation.settle({ kind: 'refused', reason, message: 'Rate Exceeded.' });
    return reason === null;
  }

  #takeIdle(): Environment {
    const mostRecent = this.#host.settings.idleOrder === 'most-recent';
    const idle = mostRecent ? this.#idle.pop() : this.#idle.shift();
    if (idle === undefined) throw new Error('no environment is idle');
    return idle.environment;
  }

  #startFor(invocation: Invocation): void {
    if (!this.#enter(invocation)) return;
    const limit = this.#host.settings.environmentsPer10S;
    if (!this.#share.scaling.take(nowUs())) {
      invocation.settle({
        kind: 'refused',
        reason: 'FunctionInvocationRateLimitExceeded',
        message: `Rate Exceeded: more than ${limit} new environments in 10 s`,
      });
      return;
    }
    const refusal = this.#host.refusal(this.#configuration(), 1);
    if (refusal !== null) {
      invocation.settle(refusal);
      return;
    }
    invocation.provisioned = this.provisioned.spillover();
    void invokeNew(this.#coldStarts, invocation);
  }

  #soonIdle(): number {
    let count = 0;
    for (const environments of [this.#all, this.provisioned.environments]) {
      for (const { state, retiring } of environments) {
        if (state === 'answered' && !retiring) count += 1;
      }
    }
    return count;
  }

  /**
   * Initialises an environment that gets no invocation, and ends it.
   * @param unseen it leaves no log and is not counted
   */
  async tryInit(unseen: boolean): Promise<InitOutcome> {
    const { initSlots, settings } = this.#host;
    const owner = unseen ? { ...this.#owner, telemetry: NO_TELEMETRY } : this.#owner;
    const environment = this.#newEnvironment(owner, null);
    environment.retiring = true;
    this.#all.add(environment);
    if (!unseen) this.#host.environmentStarted(environment);
    await initSlots.take();
    try {
      const { configuration, logStream } = environment;
      const launch = this.#host.launcher(configuration, logStream, 'on-demand');
      const outcome = await environment.start(launch, settings.initTimeoutMs);
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
    this.#line.resume();
    this.provisioned.retireAll();
  }

  /** All environments of now are gone when this resolves. */
  async endAll(): Promise<void> {
    const all = [...this.#all, ...this.provisioned.environments];
    this.retireAll();
    await Promise.all(all.map((environment) => environment.gone));
  }

  async killAll(): Promise<void> {
    this.#idle.length = 0;
    this.#line.close();
    const all = [...this.#all];
    for (const environment of all) environment.kill();
    await Promise.all([...all.map((environment) => environment.gone), this.provisioned.killAll()]);
  }

  /** Ends on-demand environments that have been idle since before an instant. */
  reap(beforeUs: number): void {
    while (this.#idle[0] !== undefined && this.#idle[0].sinceUs < beforeUs) {
      const oldest = this.#idle.shift();
      if (oldest !== undefined) void oldest.environment.end();
    }
  }

  #newEnvironment(owner: EnvironmentOwner, logStream: string | null): Environment {
    const configuration = this.#configuration();
    const stream = logStream ?? newLogStream(nowUs(), configuration.version);
    return new Environment(owner, configuration, stream);
  }

  #open(logStream: string | null): Environment {
    const environment = this.#newEnvironment(this.#owner, logStream);
    this.#all.add(environment);
    return environment;
  }

  #give(environment: Environment, invocation: Invocation): void {
    invocation.provisioned = this.provisioned.spillover();
    environment.invoke(invocation, environment.configuration.timeoutS * 1000);
  }

  #nextWaiting(): Invocation | null {
    for (const [invocation, timer] of this.#waiting) {
      clearTimeout(timer);
      this.#waiting.delete(invocation);
      return invocation;
    }
    return null;
  }

  #serveOverdue(): void {
    while (this.#idle.length > 0) {
      const overdue = this.#line.takeOverdue();
      if (overdue === null) return;
      this.#give(this.#takeIdle(), overdue);
    }
  }

  #onIdle(environment: Environment): boolean {
    if (environment.retiring) {
      void environment.end();
      return true;
    }
    const overdue = this.#line.takeOverdue();
    if (overdue !== null) {
      this.#give(environment, overdue);
      return true;
    }
    for (let next = this.#nextWaiting(); next !== null; next = this.#nextWaiting()) {
      if (!this.#enter(next)) continue;
      this.#give(environment, next);
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
}
