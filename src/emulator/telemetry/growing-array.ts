const CHUNK_BITS = 15;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

/** Numbers appended one by one in blocks of 32,768: growing never copies, so it never pauses. */
export class GrowingArray<T extends Float64Array | Uint32Array | Uint8Array> {
  readonly #make: (length: number) => T;
  readonly #chunks: T[] = [];
  length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  push(value: number): void {
    const { length } = this;
    if ((length & MASK) === 0) this.#chunks.push(this.#make(CHUNK));
    (this.#chunks[length >>> CHUNK_BITS] as T)[length & MASK] = value;
    this.length = length + 1;
  }

  at(index: number): number {
    return (this.#chunks[index >>> CHUNK_BITS] as T)[index & MASK] as number;
  }
}

export const doubles = (): GrowingArray<Float64Array> =>
  new GrowingArray((length) => new Float64Array(length));
export const words = (): GrowingArray<Uint32Array> =>
  new GrowingArray((length) => new Uint32Array(length));
export const bytes = (): GrowingArray<Uint8Array> =>
  new GrowingArray((length) => new Uint8Array(length));
