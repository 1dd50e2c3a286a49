import { words } from './growing-array.ts';

const SHARDS = 256;
const FIRST_SLOTS = 32;

/** One of 256 small tables with open addressing, so that no growth takes long. */
class Shard {
  #slots = FIRST_SLOTS;
  #used = 0;
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  /** Record number + 1; 0 is an empty slot. */
  #last = new Uint32Array(FIRST_SLOTS);

  /** Sets the last record of a key. @returns the one before + 1, or 0. */
  exchange(high: number, low: number, record: number): number {
    if (this.#used * 2 >= this.#slots) this.#grow();
    const slot = this.#find(high, low);
    const before = this.#last[slot] as number;
    if (before === 0) {
      this.#used += 1;
      this.#high[slot] = high;
      this.#low[slot] = low;
    }
    this.#last[slot] = record + 1;
    return before;
  }

  last(high: number, low: number): number {
    return this.#last[this.#find(high, low)] as number;
  }

  #find(high: number, low: number): number {
    const mask = this.#slots - 1;
    let slot = (Math.imul(high ^ low, 0x9e3779b1) >>> 7) & mask;
    while (this.#last[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const high = this.#high;
    const low = this.#low;
    const last = this.#last;
    this.#slots *= 2;
    this.#high = new Uint32Array(this.#slots);
    this.#low = new Uint32Array(this.#slots);
    this.#last = new Uint32Array(this.#slots);
    for (let i = 0; i < last.length; i += 1) {
      if (last[i] === 0) continue;
      const slot = this.#find(high[i] as number, low[i] as number);
      this.#high[slot] = high[i] as number;
      this.#low[slot] = low[i] as number;
      this.#last[slot] = last[i] as number;
    }
  }
}

/**
 * Trace id → numbers of its records. Keys are 64 of the id's 96 random bits, so whoever reads a record
 * checks that it is of the trace asked for. About 24 bytes a trace and 8 a record.
 */
export class TraceIndex {
  readonly #shards = Array.from({ length: SHARDS }, () => new Shard());
  readonly #records = words();
  readonly #before = words();

  add(traceId: string, record: number): void {
    const high = Number.parseInt(traceId.slice(11, 19), 16);
    const low = Number.parseInt(traceId.slice(27, 35), 16);
    const link = this.#records.length;
    this.#records.push(record);
    this.#before.push(this.#shard(high, low).exchange(high, low, link));
  }

  /** In the order they were added. */
  records(traceId: string): number[] {
    const high = Number.parseInt(traceId.slice(11, 19), 16);
    const low = Number.parseInt(traceId.slice(27, 35), 16);
    const found: number[] = [];
    let link = this.#shard(high, low).last(high, low);
    while (link !== 0) {
      found.push(this.#records.at(link - 1));
      link = this.#before.at(link - 1);
    }
    return found.reverse();
  }

  #shard(high: number, low: number): Shard {
    return this.#shards[(Math.imul(high + low, 0x85ebca6b) >>> 24) & (SHARDS - 1)] as Shard;
  }
}
