import { spill, unspill } from './spill-file.ts';

/** Chunks read back that stay, beside the one that grows and the one before it. */
const CACHED = 8;
const CHUNK_BITS = 12;

type Numbers = Float64Array | Uint32Array | Uint8Array;

/**
 * Numbers appended one by one, in blocks of 4,096: growing never copies, so it never pauses. The newest
 * two blocks are in memory, and a few of those that were read last; the others are on disk. So memory is
 * at most 11 blocks (360 KB of doubles) and 8 bytes a block, whatever the length.
 */
export class GrowingArray<T extends Numbers> {
  readonly #make: (length: number) => T;
  readonly #bits: number;
  readonly #mask: number;
  /** In memory, or where on disk. */
  readonly #chunks: (T | number)[] = [];
  readonly #cache = new Map<number, T>();
  #last: T | null = null;
  #lastNumber = -1;
  length = 0;

  /** @param chunkBits log₂ of a block's length. @default 12 */
  constructor(make: (length: number) => T, chunkBits = CHUNK_BITS) {
    this.#make = make;
    this.#bits = chunkBits;
    this.#mask = (1 << chunkBits) - 1;
  }

  push(value: number): void {
    const { length } = this;
    if ((length & this.#mask) === 0) this.#grow();
    (this.#chunks[this.#chunks.length - 1] as T)[length & this.#mask] = value;
    this.length = length + 1;
  }

  at(index: number): number {
    const number = Math.floor(index / (this.#mask + 1));
    if (number !== this.#lastNumber) {
      this.#last = this.#chunk(number);
      this.#lastNumber = number;
    }
    return (this.#last as T)[index & this.#mask] as number;
  }

  #grow(): void {
    const full = this.#chunks.length - 2;
    const chunk = this.#chunks[full];
    if (chunk !== undefined && typeof chunk !== 'number') {
      const start = spill(chunk);
      if (start !== null) this.#chunks[full] = start;
    }
    this.#chunks.push(this.#make(1 << this.#bits));
  }

  #chunk(number: number): T {
    const chunk = this.#chunks[number] as T | number;
    if (typeof chunk !== 'number') return chunk;
    let cached = this.#cache.get(number);
    if (cached !== undefined) this.#cache.delete(number);
    else {
      const [oldest] = this.#cache.keys();
      if (this.#cache.size >= CACHED && oldest !== undefined) this.#cache.delete(oldest);
      cached = this.#make(1 << this.#bits);
      unspill(cached, chunk);
    }
    this.#cache.set(number, cached);
    return cached;
  }
}

export const doubles = (chunkBits?: number): GrowingArray<Float64Array> =>
  new GrowingArray((length) => new Float64Array(length), chunkBits);
export const words = (chunkBits?: number): GrowingArray<Uint32Array> =>
  new GrowingArray((length) => new Uint32Array(length), chunkBits);
export const bytes = (chunkBits?: number): GrowingArray<Uint8Array> =>
  new GrowingArray((length) => new Uint8Array(length), chunkBits);
