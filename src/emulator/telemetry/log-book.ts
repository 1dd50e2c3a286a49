import type { InvocationRecord, LogLine } from '../types.ts';
import { bytes, doubles, words } from './growing-array.ts';
import type { Journal } from './journal.ts';
import { endLine, reportLine, startLine } from './platform-lines.ts';
import { parseInvocation, parseLine } from './records.ts';

/** Order of lines with the same instant. */
const KINDS = { start: 0, line: 1, end: 2, report: 3 } as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

export interface LogEvent {
  eventId: string;
  logStreamName: string;
  timestampMs: number;
  message: string;
}

/** Events of one group: 13 bytes each; the text is in the journal. */
class LogGroup {
  readonly atUs = doubles();
  readonly record = words();
  readonly kind = bytes();

  add(atUs: number, record: number, kind: Kind): void {
    this.atUs.push(atUs);
    this.record.push(record);
    this.kind.push(kind);
  }
}

/** A part of a group's events in order of time: what a sequence of pages runs through. */
export interface LogSelection {
  group: string;
  startMs: number;
  endMs: number;
  /** Events of the group when the first page was asked for: later ones do not move the pages. */
  upTo: number;
}

/** Log groups. Platform lines are not stored: they are made from the invocation's record when read. */
export class LogBook {
  readonly #journal: Journal;
  readonly #groups = new Map<string, LogGroup>();
  #lastOrder: { key: string; order: Uint32Array } | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  invocation(group: string, record: InvocationRecord, number: number): void {
    const events = this.#group(group);
    events.add(record.invokedUs, number, KINDS.start);
    events.add(record.readyUs, number, KINDS.end);
    events.add(record.readyUs, number, KINDS.report);
  }

  line(group: string, line: LogLine, number: number): void {
    this.#group(group).add(line.atUs, number, KINDS.line);
  }

  /** Makes an empty group, as Lambda does with a function. */
  create(group: string): void {
    this.#group(group);
  }

  /** Events of the group so far; undefined where there is no such group. */
  size(group: string): number | undefined {
    return this.#groups.get(group)?.atUs.length;
  }

  /** The selection's events from its `from`-th on, at most `limit`; `next` is null after the last. */
  async page(
    selection: LogSelection,
    from: number,
    limit: number,
  ): Promise<{ events: LogEvent[]; next: number | null }> {
    const group = this.#group(selection.group);
    const order = this.#order(selection, group);
    const picked = order.subarray(from, from + limit);
    const texts = await this.#journal.read(Array.from(picked, (index) => group.record.at(index)));
    const events = texts.map((text, i) => {
      const index = picked[i] as number;
      return this.#event(text, group.kind.at(index) as Kind, group.atUs.at(index), index);
    });
    const next = from + picked.length;
    return { events, next: next < order.length ? next : null };
  }

  #event(text: string, kind: Kind, atUs: number, index: number): LogEvent {
    const timestampMs = Math.floor(atUs / 1000);
    const eventId = `3${String(timestampMs).padStart(15, '0')}${String(index).padStart(40, '0')}`;
    if (kind === KINDS.line) {
      const line = parseLine(text);
      return { eventId, logStreamName: line.environment, timestampMs, message: line.message };
    }
    const record = parseInvocation(text);
    const message =
      kind === KINDS.start
        ? startLine(record)
        : kind === KINDS.end
          ? endLine(record)
          : reportLine(record);
    return { eventId, logStreamName: record.environment, timestampMs, message };
  }

  #order(selection: LogSelection, group: LogGroup): Uint32Array {
    const { startMs, endMs, upTo } = selection;
    const key = `${startMs} ${endMs} ${upTo} ${selection.group}`;
    if (this.#lastOrder?.key === key) return this.#lastOrder.order;
    const indexes: number[] = [];
    for (let i = 0; i < upTo; i += 1) {
      const atMs = group.atUs.at(i) / 1000;
      if (atMs >= startMs && atMs < endMs + 1) indexes.push(i);
    }
    const order = Uint32Array.from(indexes).sort(
      (a, b) => group.atUs.at(a) - group.atUs.at(b) || group.kind.at(a) - group.kind.at(b) || a - b,
    );
    this.#lastOrder = { key, order };
    return order;
  }

  #group(name: string): LogGroup {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new LogGroup();
      this.#groups.set(name, group);
    }
    return group;
  }
}
