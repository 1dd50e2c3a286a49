import { words } from './growing-array.ts';
import { spill, unspill } from './spill-file.ts';

/** Slots of a table; it takes half as many traces. */
const SLOTS = 1 << 17;
/** What a slot holds: 64 bits of the id, and its newest link + 1; 0 is an empty slot. */
const WORDS = 3;
/** Slots read of a table on disk at once. */
const READ_SLOTS = 64;

/** A table with open addressing for traces whose first records came one after the other. */
class Table {
  readonly #slots: number;
  #words: Uint32Array | null;
  #start = 0;
  #used = 0;
  /** Of the seconds within the ids. */
  #fromS = Number.POSITIVE_INFINITY;
  #toS = Number.NEGATIVE_INFINITY;

  constructor(slots: number) {
    this.#slots = slots;
    this.#words = new Uint32Array(slots * WORDS);
  }

  get full(): boolean {
    return this.#used * 2 >= this.#slots;
  }

  /** Puts the table away; it stays in memory where the disk does not take it. */
  putAway(): void {
    const start = this.#words === null ? null : spill(this.#words);
    if (start === null) return;
    this.#start = start;
    this.#words = null;
  }

  /** Sets the newest link of a key, while in memory. @returns the one before + 1, or 0. */
  exchange({ epochS, high, low }: Key, link: number): number {
    const table = this.#words as Uint32Array;
    let slot = firstSlot(high, low, this.#slots);
    for (;;) {
      const at = slot * WORDS;
      const before = table[at + 2] as number;
      if (before === 0 || (table[at] === high && table[at + 1] === low)) {
        if (before === 0) {
          this.#used += 1;
          table[at] = high;
          table[at + 1] = low;
          this.#fromS = Math.min(this.#fromS, epochS);
          this.#toS = Math.max(this.#toS, epochS);
        }
        table[at + 2] = link + 1;
        return before;
      }
      slot = (slot + 1) & (this.#slots - 1);
    }
  }

  /** The newest link of a key + 1, or 0. */
  newest({ epochS, high, low }: Key): number {
    // Ids carry the second they were made in: nearly all tables are told apart by it.
    if (epochS < this.#fromS || epochS > this.#toS) return 0;
    let slot = firstSlot(high, low, this.#slots);
    for (;;) {
      const [table, first, count] = this.#around(slot);
      for (; slot < first + count; slot += 1) {
        const at = (slot - first) * WORDS;
        const link = table[at + 2] as number;
        if (link === 0 || (table[at] === high && table[at + 1] === low)) return link;
      }
      if (slot === this.#slots) slot = 0;
    }
  }

  /** Slots from the given one on. */
  #around(slot: number): [table: Uint32Array, first: number, count: number] {
    if (this.#words !== null) return [this.#words, 0, this.#slots];
    const count = Math.min(READ_SLOTS, this.#slots - slot);
    const table = new Uint32Array(count * WORDS);
    unspill(table, this.#start + slot * WORDS * 4);
    return [table, slot, count];
  }
}

interface Key {
  epochS: number;
  high: number;
  low: number;
}

function keyOf(traceId: string): Key {
  return {
    epochS: Number.parseInt(traceId.slice(2, 10), 16),
    high: Number.parseInt(traceId.slice(11, 19), 16),
    low: Number.parseInt(traceId.slice(27, 35), 16),
  };
}

function firstSlot(high: number, low: number, slots: number): number {
  const mixed = Math.imul(Math.imul(high ^ low, 0x9e3779b1) ^ (high >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (slots - 1);
}

/**
 * Trace id → numbers of its records. Keys are 64 of the id's 96 random bits, so whoever reads a record
 * checks that it is of the trace asked for. The two newest tables are in memory (1.5 MB each), older
 * ones on disk as they are, where a look takes one read of 768 bytes; 24 bytes a trace and 8 a record
 * of disk. A trace may be in several tables, where records came late.
 */
export class TraceIndex {
  readonly #slots: number;
  /** The newest is the last. */
  readonly #tables: Table[];
  readonly #records = words();
  readonly #before = words();

  /** @param slots of a table, a power of two. @default 131,072 */
  constructor(slots = SLOTS) {
    this.#slots = slots;
    this.#tables = [new Table(slots)];
  }

  /** @returns whether it is the trace's first record. */
  add(traceId: string, record: number): boolean {
    const key = keyOf(traceId);
    const link = this.#records.length;
    this.#records.push(record);
    const newest = this.#roomy();
    const before = newest.exchange(key, link);
    this.#before.push(before);
    return before === 0 && !this.#tables.some((table) => table !== newest && table.newest(key) > 0);
  }

  /** In the order they were added. */
  records(traceId: string): number[] {
    const key = keyOf(traceId);
    const found: number[] = [];
    for (const table of this.#tables) {
      const ofTable: number[] = [];
      let link = table.newest(key);
      while (link !== 0) {
        ofTable.push(this.#records.at(link - 1));
        link = this.#before.at(link - 1);
      }
      found.push(...ofTable.reverse());
    }
    return found;
  }

  #roomy(): Table {
    const newest = this.#tables[this.#tables.length - 1] as Table;
    if (!newest.full) return newest;
    this.#tables[this.#tables.length - 2]?.putAway();
    const next = new Table(this.#slots);
    this.#tables.push(next);
    return next;
  }
}
