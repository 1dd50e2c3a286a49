import { nowUs } from '../../base/clock.ts';
import type { Environment } from './environment.ts';
import type { Turn } from './limits.ts';
import type { Invocation } from './outcomes.ts';
import type { PoolHost } from './pool-host.ts';
import { SHUTTING_DOWN } from './refusals.ts';

interface Waiting {
  readonly environment: Environment;
  readonly invocation: Invocation;
  readonly turn: Turn;
}

/** Of this function, one after the other: with two cores a line of eight before a request. */
const PATIENCE_INITS = 4;
/** Less than this of the machine's CPU idle: an initialisation takes it from those at work. */
const BUSY_IDLE_SHARE = 0.1;
/** Since something overdue was served: the host is behind, and gets on without more environments. */
const BEHIND_US = 1_000_000;
const RECHECK_MS = 200;

type LineHost = Pick<
  PoolHost,
  'settings' | 'initSlots' | 'environmentsQueued' | 'waitedForInit' | 'initSkipped' | 'idleCpuShare'
>;

/**
 * The requests of a pool that wait for the turn of the environment that each of them started. Lambda
 * has no such line. A stall of a second leaves as many in it as requests came in that second. Were each
 * to have its environment, a host that initialises sixteen a second would do little else for as long;
 * what is at work would take longer for it, and more requests would find no environment: an open load
 * far below what the host can do would not recover.
 *
 * So a request that has waited for longer than the settings' patience (and than PATIENCE_INITS
 * initialisations) is overdue: the next environment that is idle serves it, and its own is never
 * started. For a second after that none of the pool is initialised unless the machine has CPU to spare.
 * Each request so served is a cold start that Lambda would have had, and counted: the trial says so.
 * Until the patience is over all is as on Lambda.
 */
export class InitLine {
  readonly #host: LineHost;
  readonly #onOverdue: () => void;
  readonly #waiting = new Map<Environment, Waiting>();
  /** Of those that wait, in the order in which they came. */
  readonly #overdue = new Set<Waiting>();
  #shortestInitMs = Number.POSITIVE_INFINITY;
  #servedOverdueUs = Number.NEGATIVE_INFINITY;
  #recheck: NodeJS.Timeout | null = null;

  /** @param onOverdue another request is overdue */
  constructor(host: LineHost, onOverdue: () => void) {
    this.#host = host;
    this.#onOverdue = onOverdue;
  }

  initTook(us: number): void {
    this.#shortestInitMs = Math.min(this.#shortestInitMs, us / 1000);
  }

  /** True when it is the environment's turn; false where it is not started, and its request seen to. */
  async turn(environment: Environment, invocation: Invocation): Promise<boolean> {
    const { settings, initSlots } = this.#host;
    const turn = initSlots.queue(() => this.#mayInitialise());
    const waiting: Waiting = { environment, invocation, turn };
    this.#waiting.set(environment, waiting);
    this.#host.environmentsQueued(1);
    const initsMs = PATIENCE_INITS * this.#shortestInitMs;
    const patienceMs = Math.max(settings.initPatienceMs, Number.isFinite(initsMs) ? initsMs : 0);
    const timer = setTimeout(() => {
      this.#overdue.add(waiting);
      this.#onOverdue();
    }, patienceMs);
    const { waitedUs, given } = await turn.over;
    clearTimeout(timer);
    this.#leave(waiting);
    this.#host.waitedForInit(waitedUs);
    return given;
  }

  /** For an environment that is idle: what is overdue for longest; null where nothing is. */
  takeOverdue(): Invocation | null {
    for (const waiting of this.#overdue) {
      const { environment, invocation, turn } = waiting;
      // Its turn may just have come.
      if (!turn.leave()) continue;
      this.#leave(waiting);
      environment.abandon();
      this.#host.initSkipped();
      this.#servedOverdueUs = nowUs();
      return invocation;
    }
    return null;
  }

  /** Those that served what was overdue are about to go. */
  resume(): void {
    this.#servedOverdueUs = Number.NEGATIVE_INFINITY;
    this.#host.initSlots.offer();
  }

  /** Refuses all that wait. */
  close(): void {
    if (this.#recheck !== null) clearTimeout(this.#recheck);
    for (const { environment, invocation, turn } of [...this.#waiting.values()]) {
      environment.abandon();
      if (turn.leave()) invocation.settle(SHUTTING_DOWN);
    }
  }

  #mayInitialise(): boolean {
    const behind =
      nowUs() - this.#servedOverdueUs < BEHIND_US && this.#host.idleCpuShare() < BUSY_IDLE_SHARE;
    if (!behind) return true;
    this.#recheck ??= setTimeout(() => {
      this.#recheck = null;
      this.#host.initSlots.offer();
    }, RECHECK_MS);
    return false;
  }

  #leave(waiting: Waiting): void {
    this.#overdue.delete(waiting);
    if (this.#waiting.delete(waiting.environment)) this.#host.environmentsQueued(-1);
  }
}
