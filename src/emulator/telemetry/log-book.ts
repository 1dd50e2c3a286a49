import type { InvocationRecord, LogLine } from '../types.ts';
import type { Journal } from './journal.ts';
import { KINDS, LogGroup, type LogPlace, type LogStreamFacts } from './log-group.ts';
import { endLine, reportLine, startLine } from './platform-lines.ts';
import { parseInvocation, parseLine } from './records.ts';

export interface LogEvent {
  eventId: string;
  logStreamName: string;
  timestampMs: number;
  message: string;
}

/** A part of a group's events in order of time: what a sequence of pages runs through. */
export interface LogSelection {
  group: string;
  /** null: all. */
  stream: string | null;
  startMs: number;
  /** Exclusive. */
  endMs: number;
  /** Events of the group when the first page was asked for: later ones do not move the pages. */
  upTo: number;
}

export interface LogGroupFacts {
  name: string;
  createdMs: number;
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
    const events = this.#group(group, record.invokedUs);
    const { environment } = record;
    events.add(environment, record.invokedUs, number, KINDS.start);
    events.add(environment, record.readyUs, number, KINDS.end);
    events.add(environment, record.readyUs, number, KINDS.report);
  }

  line(group: string, line: LogLine, number: number): void {
    this.#group(group, line.atUs).add(line.environment, line.atUs, number, KINDS.line);
  }

  /** Makes an empty group, as Lambda does with a function. */
  create(group: string): void {
    this.#group(group, Date.now() * 1000);
  }

  /** In order of their names. */
  groups(): LogGroupFacts[] {
    return [...this.#groups]
      .map(([name, { createdMs }]) => ({ name, createdMs }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** In order of creation; undefined where there is no such group. */
  streams(group: string): readonly LogStreamFacts[] | undefined {
    return this.#groups.get(group)?.streams;
  }

  hasStream(group: string, stream: string): boolean {
    return this.#groups.get(group)?.hasStream(stream) ?? false;
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
    const order = this.order(selection);
    const picked = order.subarray(from, from + limit);
    const events = await this.read(selection.group, picked);
    const next = from + picked.length;
    return { events, next: next < order.length ? next : null };
  }

  /** Indexes of the selection's events, in order of time. */
  order(selection: LogSelection): Uint32Array {
    const { group, stream, startMs, endMs, upTo } = selection;
    const key = JSON.stringify([group, stream, startMs, endMs, upTo]);
    if (this.#lastOrder?.key === key) return this.#lastOrder.order;
    const order =
      this.#groups.get(group)?.order(stream, startMs, endMs, upTo) ?? new Uint32Array(0);
    this.#lastOrder = { key, order };
    return order;
  }

  /** Of an event of an existing group. */
  place(group: string, index: number): LogPlace {
    return this.#existing(group).place(index);
  }

  async read(group: string, indexes: Uint32Array): Promise<LogEvent[]> {
    if (indexes.length === 0) return [];
    const events = this.#existing(group);
    const numbers = Array.from(indexes, (index) => events.record.at(index));
    const texts = await this.#journal.read(numbers);
    return texts.map((text, i) => eventOf(text, events.place(indexes[i] as number)));
  }

  #existing(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw new Error(`there is no log group ${name}`);
    return group;
  }

  #group(name: string, atUs: number): LogGroup {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new LogGroup(Math.floor(atUs / 1000));
      this.#groups.set(name, group);
    }
    return group;
  }
}

function eventOf(text: string, { atUs, kind, index }: LogPlace): LogEvent {
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
