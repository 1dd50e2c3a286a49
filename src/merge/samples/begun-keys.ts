/**
 * The join keys of the requests that began. They count up without gaps and come nearly in order, so only
 * those beyond a gap are kept.
 */
export class BegunKeys {
  /** All from `#first` to below `#next` were seen. */
  #first: number | null;
  #next = 0;
  #highest = -1;
  #count = 0;
  readonly #beyond = new Set<number>();

  /** @param first null: that of the first request that is seen */
  constructor(first: number | null = 0) {
    this.#first = first;
  }

  has(key: number): boolean {
    return (
      (this.#first !== null && key >= this.#first && key < this.#next) || this.#beyond.has(key)
    );
  }

  add(key: number): void {
    if (this.has(key)) return;
    if (this.#first === null) {
      this.#first = key;
      this.#next = key;
    }
    this.#count += 1;
    if (key > this.#highest) this.#highest = key;
    if (key !== this.#next) {
      this.#beyond.add(key);
      return;
    }
    this.#next += 1;
    while (this.#beyond.size > 0 && this.#beyond.delete(this.#next)) this.#next += 1;
  }

  /** How many there are, and the highest of them. */
  get extent(): KeyExtent {
    return { count: this.#count, highest: this.#highest };
  }
}

export interface KeyExtent {
  count: number;
  /** −1: there are none. */
  highest: number;
}

/** Keys below the highest that were not seen, by what was seen of each part of a file. */
export function missingKeys(parts: readonly KeyExtent[]): number {
  const highest = Math.max(...parts.map((part) => part.highest));
  const seen = parts.reduce((sum, { count }) => sum + count, 0);
  return Math.max(0, highest + 1 - seen);
}
