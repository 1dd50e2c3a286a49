/**
 * The join keys of the requests that began. They count up without gaps from 0 and come nearly in order,
 * so only those beyond a gap are kept.
 */
export class BegunKeys {
  /** All below it were seen. */
  #next = 0;
  #highest = -1;
  readonly #beyond = new Set<number>();

  has(key: number): boolean {
    return key < this.#next || this.#beyond.has(key);
  }

  add(key: number): void {
    if (key > this.#highest) this.#highest = key;
    if (key !== this.#next) {
      if (key > this.#next) this.#beyond.add(key);
      return;
    }
    this.#next += 1;
    while (this.#beyond.size > 0 && this.#beyond.delete(this.#next)) this.#next += 1;
  }

  /** Keys below the highest that were not seen. */
  get missing(): number {
    return this.#highest + 1 - this.#next - this.#beyond.size;
  }
}
