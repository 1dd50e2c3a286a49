import type { FunctionHostFacts } from '../types.ts';
import type { Environment } from './environment.ts';
import type { MeterReading } from './meter.ts';

/** What an environment used since a reset. */
interface Use extends MeterReading {
  /** Of its CPU time, until it first asked for work. */
  initCpuUs: number;
}

const NOTHING: Use = { cpuUs: 0, throttledUs: 0, hostWaitUs: 0, initCpuUs: 0 };

/** Counters of the host since the last reset: what a trial says of the machine it ran on. */
export class HostAccounts {
  readonly #cpuMode: FunctionHostFacts['cpuMode'];
  /** Living environments, with their readings at the last reset. */
  readonly #living = new Map<Environment, MeterReading>();
  #ended = { ...NOTHING };
  #queued = 0;
  #started = 0;
  #peak = 0;
  #lost = 0;
  #initQueueMaxUs = 0;
  #initQueueUs = 0;
  #initsSkipped = 0;
  #hostRefusals = 0;
  #throttles = 0;

  constructor(cpuMode: FunctionHostFacts['cpuMode']) {
    this.#cpuMode = cpuMode;
  }

  get living(): IterableIterator<Environment> {
    return this.#living.keys();
  }

  /** Those that wait for their turn to initialise included. */
  get livingCount(): number {
    return this.#living.size + this.#queued;
  }

  environmentsQueued(more: number): void {
    this.#queued += more;
  }

  environmentStarted(environment: Environment): void {
    this.#living.set(environment, NOTHING);
    this.#started += 1;
    this.#peak = Math.max(this.#peak, this.#living.size);
  }

  environmentGone(environment: Environment, expected: boolean): void {
    const since = this.#living.get(environment);
    if (since === undefined) return;
    this.#living.delete(environment);
    this.#ended = plus(this.#ended, used(environment, since));
    if (!expected) this.#lost += 1;
  }

  waitedForInit(us: number): void {
    this.#initQueueUs += us;
    this.#initQueueMaxUs = Math.max(this.#initQueueMaxUs, us);
  }

  initSkipped(): void {
    this.#initsSkipped += 1;
  }

  hostRefused(): void {
    this.#hostRefusals += 1;
  }

  throttled(): void {
    this.#throttles += 1;
  }

  facts(): FunctionHostFacts {
    let total = this.#ended;
    for (const [environment, since] of this.#living) total = plus(total, used(environment, since));
    return {
      cpuMode: this.#cpuMode,
      environmentsStarted: this.#started,
      environmentsPeak: this.#peak,
      environmentsLost: this.#lost,
      environmentCpuUs: Math.round(total.cpuUs),
      initCpuUs: Math.round(total.initCpuUs),
      throttledUs: Math.round(total.throttledUs),
      hostWaitUs: Math.round(total.hostWaitUs),
      initQueueMaxUs: this.#initQueueMaxUs,
      initQueueUs: this.#initQueueUs,
      initsSkipped: this.#initsSkipped,
      hostRefusals: this.#hostRefusals,
      throttles: this.#throttles,
    };
  }

  reset(): void {
    for (const environment of this.#living.keys()) {
      this.#living.set(environment, environment.reading() ?? NOTHING);
    }
    this.#ended = { ...NOTHING };
    this.#started = 0;
    this.#peak = this.#living.size;
    this.#lost = 0;
    this.#initQueueMaxUs = 0;
    this.#initQueueUs = 0;
    this.#initsSkipped = 0;
    this.#hostRefusals = 0;
    this.#throttles = 0;
  }
}

function used(environment: Environment, since: MeterReading): Use {
  const now = environment.reading() ?? since;
  // One that was ready at the reset has used none of its init since, one that is not ready nothing else.
  const initCpuUs = Math.max(0, (environment.initCpuUs ?? now.cpuUs) - since.cpuUs);
  return {
    cpuUs: now.cpuUs - since.cpuUs,
    initCpuUs: Math.min(initCpuUs, now.cpuUs - since.cpuUs),
    throttledUs: now.throttledUs - since.throttledUs,
    hostWaitUs: Math.max(0, now.hostWaitUs - since.hostWaitUs),
  };
}

function plus(a: Use, b: Use): Use {
  return {
    cpuUs: a.cpuUs + b.cpuUs,
    initCpuUs: a.initCpuUs + b.initCpuUs,
    throttledUs: a.throttledUs + b.throttledUs,
    hostWaitUs: a.hostWaitUs + b.hostWaitUs,
  };
}
