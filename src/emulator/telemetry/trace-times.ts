import { doubles, words } from './growing-array.ts';

/**
 * Ids of traces in the order in which their first records came, found again by time. 24 bytes a trace,
 * most of them on disk.
 */
export class TraceTimes {
  readonly #epochS = words();
  readonly #high = words();
  readonly #middle = words();
  readonly #low = words();
  readonly #arrivedUs = doubles();

  add(traceId: string, arrivedUs: number): void {
    this.#epochS.push(Number.parseInt(traceId.slice(2, 10), 16));
    this.#high.push(Number.parseInt(traceId.slice(11, 19), 16));
    this.#middle.push(Number.parseInt(traceId.slice(19, 27), 16));
    this.#low.push(Number.parseInt(traceId.slice(27, 35), 16));
    this.#arrivedUs.push(arrivedUs);
  }

  /**
   * Newest first.
   * @param by the time within the id, or when the first record came
   * @param endS exclusive
   */
  between(by: 'id' | 'arrival', startS: number, endS: number): string[] {
    const found: string[] = [];
    for (let i = this.#epochS.length - 1; i >= 0; i -= 1) {
      const atS = by === 'id' ? this.#epochS.at(i) : this.#arrivedUs.at(i) / 1e6;
      if (atS >= startS && atS < endS) found.push(this.#id(i));
    }
    return found;
  }

  #id(i: number): string {
    const hex = (value: number): string => value.toString(16).padStart(8, '0');
    const random = hex(this.#high.at(i)) + hex(this.#middle.at(i)) + hex(this.#low.at(i));
    return `1-${hex(this.#epochS.at(i))}-${random}`;
  }
}
