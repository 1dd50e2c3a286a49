import { nowUs } from '../../base/clock.ts';

/** A place in the line for a permit. */
export interface Turn {
  /** Resolves with the time waited when there is a permit, or when its owner has left: then without. */
  readonly over: Promise<{ given: boolean; waitedUs: number }>;
  /** False where the permit has been given: it is to be given back. */
  leave(): boolean;
}

interface Waiter {
  give(): void;
  wants(): boolean;
}

/** Permits for at most `count` initialisations at a time, first come first served. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<Waiter>();

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<void> {
    await this.queue(() => true).over;
  }

  /** @param wants false: those behind it come first, until offer() finds that it does. */
  queue(wants: () => boolean): Turn {
    if (this.#free > 0 && wants()) {
      this.#free -= 1;
      return { over: Promise.resolve({ given: true, waitedUs: 0 }), leave: () => false };
    }
    const startedUs = nowUs();
    const { promise, resolve } = Promise.withResolvers<{ given: boolean; waitedUs: number }>();
    const end = (given: boolean): void => resolve({ given, waitedUs: nowUs() - startedUs });
    const waiter: Waiter = { wants, give: () => end(true) };
    this.#waiting.add(waiter);
    return {
      over: promise,
      leave: () => {
        const left = this.#waiting.delete(waiter);
        if (left) end(false);
        return left;
      },
    };
  }

  give(): void {
    this.#free += 1;
    this.offer();
  }

  /** Gives what is free to those that want it. */
  offer(): void {
    if (this.#free === 0) return;
    for (const waiter of this.#waiting) {
      if (!waiter.wants()) continue;
      this.#waiting.delete(waiter);
      this.#free -= 1;
      waiter.give();
      if (this.#free === 0) return;
    }
  }
}

/** `size` tokens, refilled continuously in `refillUs`: 1,000 new environments per 10 s. */
export class TokenBucket {
  readonly #refillUs: number;
  #size: number;
  #tokens: number;
  #atUs: number;

  constructor(size: number, refillUs: number, atUs: number) {
    this.#size = size;
    this.#refillUs = refillUs;
    this.#tokens = size;
    this.#atUs = atUs;
  }

  /** A larger one has the difference at once, a smaller one at most its size. */
  resize(size: number): void {
    this.#tokens = Math.min(size, this.#tokens + Math.max(0, size - this.#size));
    this.#size = size;
  }

  has(atUs: number): boolean {
    const gained = ((atUs - this.#atUs) * this.#size) / this.#refillUs;
    this.#tokens = Math.min(this.#size, this.#tokens + gained);
    this.#atUs = atUs;
    return this.#tokens >= 1;
  }

  take(atUs: number): boolean {
    if (!this.has(atUs)) return false;
    this.#tokens -= 1;
    return true;
  }
}
