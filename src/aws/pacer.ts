import { callFailure } from './call-failure.ts';
import { pause } from './waiting.ts';

export interface PacerSettings {
  /** Calls a second to begin with; null: as fast as callers are (a server on this machine). */
  startPerS: number | null;
  /** For simulations. @default performance.now and timers */
  clock?: { nowMs(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };
}

/** Share of the rate that is kept after a throttle. */
const KEPT = 0.85;
/** After it the rate is where the throttle came; after twice as long 15% above. */
const RECOVERY_MS = 5000;
/** A server's answer to a lower rate is not known sooner: a bucket of a second, a round trip. */
const SETTLE_MS = 300;
const LEAST_PER_S = 0.5;
/** Calls that may be made up for at once where a timer was late. */
const BURST_MS = 50;
const REAL = { nowMs: () => performance.now(), sleep: pause };

/**
 * Finds the rate a server allows without being told, and stays just below it. AIMD as of TCP CUBIC
 * (RFC 9438), which the SDK's adaptive mode uses, too: the rate grows by e a second until the first
 * throttle, falls to 85% at each, and then follows W(t) = W·(1 + 0.15·((t − K)/K)³): quickly back to where the
 * throttle was, slowly past it, faster again where no throttle comes (the limit has risen). Over a cycle
 * that is 96% of the limit. It does not grow while callers are what is slow.
 *
 */
export class Pacer {
  readonly #clock: NonNullable<PacerSettings['clock']>;
  #perS: number;
  /** Rate of the last throttle; null before the first. */
  #ceiling: number | null = null;
  #sinceThrottleMs = 0;
  #throttledAt = Number.NEGATIVE_INFINITY;
  #grownAt: number;
  #nextAt: number;
  #waiting = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor({ startPerS, clock = REAL }: PacerSettings) {
    this.#clock = clock;
    this.#perS = startPerS ?? Number.POSITIVE_INFINITY;
    this.#grownAt = clock.nowMs();
    this.#nextAt = clock.nowMs();
  }

  /** Calls that were made, refused ones included, and those. */
  calls = 0;
  throttles = 0;

  /**
   * Makes a call in its turn, and again for as long as it is throttled. The client's own retries must
   * be off: they would hide the throttles. Rejects where the signal aborts before a turn has come.
   */
  async run<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    for (;;) {
      const startedAt = await this.#take(signal);
      signal.throwIfAborted();
      this.calls += 1;
      try {
        const answer = await call();
        this.#succeeded();
        return answer;
      } catch (error) {
        if (callFailure(error) !== 'throttled') throw error;
        this.throttles += 1;
        this.#throttled(startedAt);
      }
    }
  }

  /** Calls a second that are let through now. */
  get perS(): number {
    return this.#perS;
  }

  /** Resolves with the instant of the start, in turn; soon where the signal aborts. */
  async #take(signal: AbortSignal): Promise<number> {
    this.#waiting += 1;
    const turn = this.#tail.then(() => this.#turn(signal));
    this.#tail = turn;
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #turn(signal: AbortSignal): Promise<number> {
    const gapMs = 1000 / this.#perS;
    this.#nextAt = Math.max(this.#nextAt + gapMs, this.#clock.nowMs() - BURST_MS);
    const waitMs = this.#nextAt - this.#clock.nowMs();
    // Timers have a millisecond: what is nearer is made up for by the next.
    if (waitMs >= 1) await this.#clock.sleep(waitMs, signal);
    return this.#clock.nowMs();
  }

  #succeeded(): void {
    const now = this.#clock.nowMs();
    // Only what is used up may grow.
    const elapsedMs = this.#waiting > 0 ? Math.min(now - this.#grownAt, 1000) : 0;
    this.#grownAt = now;
    if (this.#ceiling === null) {
      if (this.#waiting > 0) this.#perS += 1;
      return;
    }
    this.#sinceThrottleMs += elapsedMs;
    const x = (this.#sinceThrottleMs - RECOVERY_MS) / RECOVERY_MS;
    this.#perS = Math.max(LEAST_PER_S, this.#ceiling * (1 + (1 - KEPT) * x ** 3));
  }

  /** @param startedAt of the call that was refused, as `#take` gave it. */
  #throttled(startedAt: number): void {
    const now = this.#clock.nowMs();
    // Those under way at the last one tell nothing new.
    if (startedAt < this.#throttledAt || now - this.#throttledAt < SETTLE_MS) return;
    this.#ceiling = Number.isFinite(this.#perS) ? this.#perS : 100;
    this.#perS = Math.max(LEAST_PER_S, this.#ceiling * KEPT);
    this.#sinceThrottleMs = 0;
    this.#throttledAt = now;
    this.#grownAt = now;
    this.#nextAt = now;
  }
}
