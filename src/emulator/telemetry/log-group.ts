import { bytes, doubles, words } from './growing-array.ts';

/** Order of lines with the same instant. */
export const KINDS = { start: 0, line: 1, end: 2, report: 3 } as const;
export type LineKind = (typeof KINDS)[keyof typeof KINDS];

/** Of one environment; instants in milliseconds since the epoch. */
export interface LogStreamFacts {
  readonly name: string;
  readonly createdMs: number;
  firstMs: number;
  lastMs: number;
}

/** An event's place in the order of its group, in digits: what tokens of pages name. */
export interface LogPlace {
  atUs: number;
  kind: number;
  index: number;
}

/** Events of one group: 17 bytes each, most of them on disk; the text is in the journal. */
export class LogGroup {
  readonly createdMs: number;
  readonly atUs = doubles();
  readonly record = words();
  readonly kind = bytes();
  /** Place of each event's stream in `streams`. */
  readonly #streamOf = words();
  readonly streams: LogStreamFacts[] = [];
  readonly #streamNumbers = new Map<string, number>();

  constructor(createdMs: number) {
    this.createdMs = createdMs;
  }

  add(stream: string, atUs: number, record: number, kind: LineKind): void {
    const atMs = Math.floor(atUs / 1000);
    let number = this.#streamNumbers.get(stream);
    if (number === undefined) {
      number = this.streams.length;
      this.#streamNumbers.set(stream, number);
      this.streams.push({ name: stream, createdMs: atMs, firstMs: atMs, lastMs: atMs });
    }
    const facts = this.streams[number] as LogStreamFacts;
    if (atMs < facts.firstMs) facts.firstMs = atMs;
    if (atMs > facts.lastMs) facts.lastMs = atMs;
    this.atUs.push(atUs);
    this.record.push(record);
    this.kind.push(kind);
    this.#streamOf.push(number);
  }

  hasStream(name: string): boolean {
    return this.#streamNumbers.has(name);
  }

  /**
   * Indexes of events in order of time, those before `upTo` in order of arrival.
   * @param stream null: of all streams
   */
  order(stream: string | null, startMs: number, endMs: number, upTo: number): Uint32Array {
    const number = stream === null ? null : (this.#streamNumbers.get(stream) ?? -1);
    // What is sorted by is read once, from the first event to the last: it may be on disk.
    const indexes: number[] = [];
    const times: number[] = [];
    const kinds: number[] = [];
    for (let i = 0; i < upTo; i += 1) {
      if (number !== null && this.#streamOf.at(i) !== number) continue;
      const atUs = this.atUs.at(i);
      if (atUs < startMs * 1000 || atUs >= endMs * 1000) continue;
      indexes.push(i);
      times.push(atUs);
      kinds.push(this.kind.at(i));
    }
    const order = Uint32Array.from(indexes.keys()).sort(
      (a, b) =>
        (times[a] as number) - (times[b] as number) ||
        (kinds[a] as number) - (kinds[b] as number) ||
        a - b,
    );
    return order.map((position) => indexes[position] as number);
  }

  place(index: number): LogPlace {
    return { atUs: this.atUs.at(index), kind: this.kind.at(index), index };
  }
}

/** Negative where `a` comes first. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  return a.atUs - b.atUs || a.kind - b.kind || a.index - b.index;
}
