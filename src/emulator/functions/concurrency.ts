import { UsageError } from '../../base/errors.ts';
import type { RefusalReason } from '../types.ts';

/** What functions without a reservation share is at least this, as on Lambda. */
const UNRESERVED_MIN = 100;

/**
 * Invocations at a time: of the account, and of functions some of it is reserved for. What is reserved
 * for one is taken from what the others share, whether it is used or not.
 */
export class ConcurrencyLimits {
  readonly #account: number;
  readonly #reserved = new Map<string, number>();
  /** Of functions with an invocation. */
  readonly #running = new Map<string, number>();

  constructor(account: number) {
    this.#account = account;
  }

  reservedFor(name: string): number | null {
    return this.#reserved.get(name) ?? null;
  }

  /**
   * @param concurrency 0 throttles every invocation; null: no reservation
   * @throws UsageError in the words of PutFunctionConcurrency
   */
  reserve(name: string, concurrency: number | null): void {
    if (concurrency === null) {
      this.#reserved.delete(name);
      return;
    }
    const least = Math.min(UNRESERVED_MIN, this.#account);
    if (this.#unreserved() + (this.#reserved.get(name) ?? 0) - concurrency < least) {
      throw new UsageError(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${least}].`,
      );
    }
    this.#reserved.set(name, concurrency);
  }

  /** Counts an invocation in; or says why there is no room for it. */
  enter(name: string): RefusalReason | null {
    const running = this.#running.get(name) ?? 0;
    const reserved = this.#reserved.get(name);
    if (reserved !== undefined) {
      if (running >= reserved) return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    } else if (this.#sharing() >= this.#unreserved()) return 'ConcurrentInvocationLimitExceeded';
    this.#running.set(name, running + 1);
    return null;
  }

  leave(name: string): void {
    const running = (this.#running.get(name) ?? 1) - 1;
    if (running > 0) this.#running.set(name, running);
    else this.#running.delete(name);
  }

  #unreserved(): number {
    let rest = this.#account;
    for (const reserved of this.#reserved.values()) rest -= reserved;
    return rest;
  }

  #sharing(): number {
    let count = 0;
    for (const [name, running] of this.#running) if (!this.#reserved.has(name)) count += running;
    return count;
  }
}
