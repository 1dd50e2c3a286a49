import { nowUs } from '../../base/clock.ts';

/** Permits for at most `count` initialisations at a time, first come first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves with the time waited. */
  async take(): Promise<number> {
    if (this.#free > 0) {
      this.#free -= 1;
      return 0;
    }
    const startedUs = nowUs();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return nowUs() - startedUs;
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
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
