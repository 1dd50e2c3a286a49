import type { Writable } from 'node:stream';
import { nowUs } from '../../base/clock.ts';
import type { OpenStream } from '../types.ts';
import type { BodySink } from './http1.ts';

/** Limits of streamed responses. */
export interface StreamLimits {
  /** Of a response. */
  bytes: number;
  /** These pass at any speed. */
  burstBytes: number;
  /** Of what comes after them. */
  bytesPerS: number;
}

/**
 * Source: Lambda Developer Guide, "Response streaming for Lambda functions" (200 MB; the first 6 MB
 * uncapped, then 2 MBps); the binary units are those of AWS's Runtime Interface Emulator
 * (interop/model.go), of which it is inferred that the 200 MB have them too.
 */
export const STREAM_LIMITS: StreamLimits = {
  bytes: 200 * 1024 * 1024,
  burstBytes: 6 * 1024 * 1024,
  bytesPerS: 2 * 1024 * 1024,
};

/**
 * A response on its way to a caller who takes it as it comes. The runtime is not read while the caller
 * is slow, or ahead of what the bandwidth allows. A caller that went away does not stop the function:
 * the rest is read and dropped.
 */
export class ResponseStream implements BodySink {
  /** When the first part of it came. */
  firstByteUs: number | null = null;
  /** Went to the caller, or would have, had it stayed. */
  bytes = 0;
  tooLarge = false;
  readonly #limits: StreamLimits;
  readonly #resume: () => void;
  readonly #onCut: () => void;
  readonly #open: () => Writable;
  #target: Writable | null = null;
  /** Bytes that may pass now; below 0 they have passed already, a part too early. */
  #allowance: number;
  #allowedUs = 0;
  #gone = false;
  #done = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    open: OpenStream,
    contentType: string,
    limits: StreamLimits,
    hooks: { resume: () => void; onCut: () => void },
  ) {
    this.#limits = limits;
    this.#allowance = limits.burstBytes;
    this.#resume = hooks.resume;
    this.#onCut = hooks.onCut;
    this.#open = () => {
      const target = open(contentType);
      target.on('drain', () => this.#continue());
      for (const event of ['error', 'close']) {
        target.on(event, () => {
          this.#gone = true;
          this.#continue();
        });
      }
      return target;
    };
  }

  /** A part of it may be with the caller. */
  get opened(): boolean {
    return this.#target !== null;
  }

  write(part: Buffer): boolean {
    // Its invocation has ended, and the caller has the answer: nothing may be opened any more.
    if (this.#done) return true;
    if (this.firstByteUs === null) {
      this.firstByteUs = nowUs();
      this.#allowedUs = this.firstByteUs;
    }
    if (this.tooLarge) return true;
    const room = this.#limits.bytes - this.bytes;
    this.tooLarge = part.length > room;
    const taken = this.tooLarge ? part.subarray(0, room) : part;
    this.bytes += taken.length;
    this.#allowance -= taken.length;
    this.#target ??= this.#open();
    const dropped = this.#gone || this.#target.destroyed;
    const free = dropped || this.#target.write(taken);
    if (!free) return false;
    const waitMs = this.#waitMs();
    if (waitMs > 0) this.#continueIn(waitMs);
    return waitMs === 0;
  }

  /** The response is whole. */
  end(): void {
    this.#finish();
    this.#target ??= this.#open();
    if (!this.#gone) this.#target.end();
  }

  /** It broke off: the caller is to see that it is not whole. */
  destroy(): void {
    this.#finish();
    this.#target?.destroy();
  }

  cut(): void {
    this.destroy();
    this.#onCut();
  }

  /** Reads on once the bandwidth allows it and the caller has room. */
  #continue(): void {
    const slow = !this.#gone && this.#target?.writableNeedDrain === true;
    if (this.#done || slow || this.#timer !== null) return;
    const waitMs = this.#waitMs();
    if (waitMs > 0) this.#continueIn(waitMs);
    else this.#resume();
  }

  #continueIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#continue();
    }, ms);
  }

  /** A bucket that holds the burst and is filled at the rate. */
  #waitMs(): number {
    const { burstBytes, bytesPerS } = this.#limits;
    const now = nowUs();
    const added = ((now - this.#allowedUs) * bytesPerS) / 1e6;
    this.#allowance = Math.min(burstBytes, this.#allowance + added);
    this.#allowedUs = now;
    return this.#allowance >= 0 ? 0 : Math.ceil((-this.#allowance / bytesPerS) * 1000);
  }

  #finish(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#done = true;
  }
}
