import { nowUs } from '../../base/clock.ts';
import { LambdaRefusal } from '../lambda-refusal.ts';
import type { RefusalReason } from '../types.ts';
import { TokenBucket } from './limits.ts';

/** What functions without a reservation share is at least this, as on Lambda. */
const UNRESERVED_MIN = 100;

/**
 * Invocations at a time and per second: of the account, and of functions some of it is reserved for.
 * What is reserved for a function is taken from what the others share, whether it is used or not; so is
 * what is provisioned for one without a reservation. What is provisioned of a reservation is taken from
 * what the function's other environments share. Invocations on provisioned environments are bounded by
 * these and are not counted here.
 * Source: Lambda Developer Guide, "Understanding Lambda function scaling"; the words of refusals are
 * those of PutFunctionConcurrency and PutProvisionedConcurrencyConfig.
 */
export class ConcurrencyLimits {
  readonly #account: number;
  readonly #requestsPerS: number;
  readonly #reserved = new Map<string, number>();
  /** Of all versions of a function together. */
  readonly #provisioned = new Map<string, number>();
  /** Invocations on demand, of functions with one. */
  readonly #running = new Map<string, number>();
  /** Of functions with a reservation; the others share one. */
  readonly #rates = new Map<string, TokenBucket>();
  readonly #sharedRate: TokenBucket;

  /** @param requestsPerS that a unit of concurrency stands for */
  constructor(account: number, requestsPerS: number) {
    this.#account = account;
    this.#requestsPerS = requestsPerS;
    this.#sharedRate = new TokenBucket(account * requestsPerS, 1_000_000, nowUs());
  }

  reservedFor(name: string): number | null {
    return this.#reserved.get(name) ?? null;
  }

  /** What functions without a reservation share. */
  get unreserved(): number {
    let rest = this.#account;
    for (const name of new Set([...this.#reserved.keys(), ...this.#provisioned.keys()])) {
      rest -= this.#claimed(name);
    }
    return rest;
  }

  /**
   * @param concurrency 0 throttles every invocation; null: no reservation
   * @throws LambdaRefusal where it is less than is provisioned, or leaves too little to other functions
   */
  reserve(name: string, concurrency: number | null): void {
    if (concurrency === null) {
      this.#reserved.delete(name);
      this.#rates.delete(name);
      return;
    }
    const provisioned = this.#provisioned.get(name) ?? 0;
    if (concurrency < provisioned) {
      throw invalid(
        `ReservedConcurrentExecutions ${concurrency} should not be lower than function's total provisioned concurrency [${provisioned}].`,
      );
    }
    this.#checkLeft(name, concurrency, 'ReservedConcurrentExecutions');
    this.#reserved.set(name, concurrency);
  }

  /**
   * @param environments of all versions of the function together
   * @throws LambdaRefusal where it is more than is reserved, or leaves too little to other functions
   */
  provision(name: string, environments: number): void {
    const reserved = this.#reserved.get(name);
    if (reserved === undefined) this.#checkLeft(name, environments, 'ConcurrentExecutions');
    else if (environments > reserved) {
      throw invalid(
        'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
      );
    }
    if (environments === 0) this.#provisioned.delete(name);
    else this.#provisioned.set(name, environments);
  }

  /** Counts an invocation on demand in; or says why there is no room for it. */
  enter(name: string): RefusalReason | null {
    const running = this.#running.get(name) ?? 0;
    const reserved = this.#reserved.get(name);
    if (reserved === undefined) {
      const { unreserved } = this;
      if (this.#sharing() >= unreserved) return 'ConcurrentInvocationLimitExceeded';
      this.#sharedRate.resize(unreserved * this.#requestsPerS);
      if (!this.#sharedRate.take(nowUs())) return 'FunctionInvocationRateLimitExceeded';
    } else {
      const onDemand = reserved - (this.#provisioned.get(name) ?? 0);
      if (running >= onDemand) return 'ReservedFunctionConcurrentInvocationLimitExceeded';
      if (!this.#rateOf(name, onDemand * this.#requestsPerS).take(nowUs())) {
        return 'ReservedFunctionInvocationRateLimitExceeded';
      }
    }
    this.#running.set(name, running + 1);
    return null;
  }

  leave(name: string): void {
    const running = (this.#running.get(name) ?? 1) - 1;
    if (running > 0) this.#running.set(name, running);
    else this.#running.delete(name);
  }

  /** Taken from what the others share. */
  #claimed(name: string): number {
    return this.#reserved.get(name) ?? this.#provisioned.get(name) ?? 0;
  }

  #checkLeft(name: string, asked: number, what: string): void {
    const least = Math.min(UNRESERVED_MIN, this.#account);
    // Nothing asked for takes nothing, also where an account is that small.
    if (asked === 0 || this.unreserved + this.#claimed(name) - asked >= least) return;
    throw invalid(
      `Specified ${what} for function decreases account's UnreservedConcurrentExecution below its minimum value of [${least}].`,
    );
  }

  #rateOf(name: string, perS: number): TokenBucket {
    const known = this.#rates.get(name) ?? new TokenBucket(perS, 1_000_000, nowUs());
    this.#rates.set(name, known);
    known.resize(perS);
    return known;
  }

  #sharing(): number {
    let count = 0;
    for (const [name, running] of this.#running) if (!this.#reserved.has(name)) count += running;
    return count;
  }
}

function invalid(message: string): LambdaRefusal {
  return new LambdaRefusal('InvalidParameterValueException', message);
}
