import { REQUEST_METADATA, REQUEST_METRIC } from '../../model/k6-samples.ts';
import { BegunKeys, type KeyExtent, missingKeys } from './begun-keys.ts';
import { afterName, CellReader, isDigit, lineEnd } from './csv-cells.ts';
import { RequestFields, withoutOddNumbers } from './request-fields.ts';
import { RequestRows } from './request-rows.ts';

const [LINE_FEED, AND, COMMA, ZERO] = [0x0a, 0x26, 0x2c, 0x30] as const;
const OWN = Buffer.from(`\n${REQUEST_METRIC},`);
const ENDED = Buffer.from('\nhttp_req_duration,');
const REQUEST = Buffer.from(`,${REQUEST_METADATA}=`);
const JOIN_KEY = Buffer.from('join_key=');

/** The cells between value and metadata of a script's sample: there are few such, and each has a number. */
export interface Head {
  cells: readonly string[];
  index: number;
  requests: number;
}

/** A request whose end is in the part of the file before, or was lost. */
interface EarlyRequest {
  key: number;
  ownUs: number;
  totalUs: number;
  fields: string;
  head: number;
}

/** What is left of the file's second half when it has been looked through. */
export interface Rest {
  early: readonly EarlyRequest[];
  /** Join key and end of those without a sample of their own. */
  ended: readonly (readonly [number, number])[];
  heads: readonly Head[];
  keys: KeyExtent;
  malformed: number;
}

/** Heads of the second half have higher numbers: of a whole file there are dozens. */
const SECOND_HEADS = 1e8;

/**
 * Takes of k6's CSV, in which two lines of thirteen are of interest, a row per request: its fields as
 * the script wrote them, when it started, and the number of its head, with `;` between them.
 *
 * Lines are found by how they begin; those of other metrics are not looked at. Of half a million requests
 * (680 MB) that takes 0.9 s of CPU, finding lines a third of it. DuckDB takes 1.5 s to read the same file,
 * and as much again to take the texts apart and to join them with the ends.
 */
export class RequestLines {
  readonly #heads = new Map<string, Head>();
  readonly #second: boolean;
  /** Of the second half. */
  readonly #early: EarlyRequest[] = [];
  #rest: Rest | null = null;
  /** Lines of the two metrics without a number where their time or value should be, or not whole. */
  malformed = 0;

  readonly #headCells: number;
  readonly #rows: RequestRows;
  readonly #cells = new CellReader();
  readonly #fields = new RequestFields();
  /** Join key → instant of its request's end (NaN: not told), of those whose own sample has not come. */
  readonly #ended = new Map<number, number>();
  readonly #keys: BegunKeys;

  /**
   * @param columns of the file; the first three are name, time and value, the last is the metadata
   * @param write gets blocks of rows; they are overwritten when it has returned
   * @param second it is the second half of a file: what belongs to the first is left in `rest`
   */
  constructor(columns: number, write: (rows: Buffer) => void, second = false) {
    this.#headCells = columns - 4;
    this.#rows = new RequestRows(write);
    this.#second = second;
    this.#keys = new BegunKeys(second ? null : 0);
  }

  /** @param lines as `lineBlocks` gives them */
  add(lines: Buffer): void {
    // k6 pushes the HTTP samples of a request before the script has its answer (measureAndEmitMetrics of
    // lib/netext/httpext), and writes in the order of pushing: the end is there before it is asked for.
    for (let at = lines.indexOf(ENDED); at >= 0; at = lines.indexOf(ENDED, at)) {
      at = this.#addEnd(lines, at + ENDED.length);
    }
    for (let at = lines.indexOf(OWN); at >= 0; at = lines.indexOf(OWN, at)) {
      at = this.#addRequest(lines, at + OWN.length);
    }
  }

  get heads(): readonly Head[] {
    return [...this.#heads.values(), ...(this.#rest?.heads ?? [])];
  }

  /** Of the second half, when nothing more comes. */
  rest(): Rest {
    this.#rows.flush();
    return {
      early: this.#early,
      ended: [...this.#ended],
      heads: this.heads,
      keys: this.#keys.extent,
      malformed: this.malformed,
    };
  }

  /** What the second half left, for the first. */
  takeRest(rest: Rest): void {
    this.#rest = rest;
    this.malformed += rest.malformed;
    const heads = new Map(rest.heads.map((head) => [head.index, head]));
    for (const { key, ownUs, totalUs, fields, head } of rest.early) {
      const startedUs = this.#started(key, ownUs, totalUs);
      if (Number.isNaN(startedUs)) this.malformed += 1;
      else {
        this.#rows.addText(fields, startedUs, head);
        (heads.get(head) as Head).requests += 1;
      }
    }
    for (const [key, endUs] of rest.ended) if (!this.#keys.has(key)) this.#ended.set(key, endUs);
  }

  /** Nothing more comes. `unfinished`: began and have no row; `lost`: left no sample at all. */
  finish(): { unfinished: number; lost: number } {
    this.#rows.flush();
    for (const key of this.#ended.keys()) this.#keys.add(key);
    const keys = [this.#keys.extent, ...(this.#rest === null ? [] : [this.#rest.keys])];
    return { unfinished: this.#ended.size, lost: missingKeys(keys) };
  }

  /** @returns where to look on */
  #addEnd(lines: Buffer, from: number): number {
    const atUs = this.#cells.wholeNumber(lines, from);
    const sound = this.#goOn(lines) && !Number.isNaN(atUs);
    const at = afterName(JOIN_KEY, lines, this.#cells.end);
    // Without a key it is of no GraphQL request.
    if (at < 0) return this.#cells.end;
    const key = keyAt(lines, at);
    if (!sound || Number.isNaN(key)) this.malformed += 1;
    if (!Number.isNaN(key) && !this.#keys.has(key)) this.#ended.set(key, atUs);
    return at;
  }

  /** @returns where to look on */
  #addRequest(lines: Buffer, from: number): number {
    const atUs = this.#cells.wholeNumber(lines, from);
    const sound = this.#goOn(lines);
    const head = this.#cells.end;
    const fields = afterName(REQUEST, lines, head);
    if (fields < 0) {
      this.malformed += 1;
      return lineEnd(lines, head);
    }
    this.#fields.read(lines, fields);
    const known = this.#headOf(lines.toString('utf8', head + 1, fields - REQUEST.length));
    const { key, totalUs, whole } = this.#fields;
    if (!sound || known === null || !whole || Number.isNaN(totalUs)) this.malformed += 1;
    else if (this.#second && !Number.isNaN(key) && !this.#ended.has(key)) {
      const text = this.#textOf(lines, fields);
      this.#early.push({ key, ownUs: atUs, totalUs, fields: text, head: known.index });
    } else {
      const startedUs = this.#started(key, atUs, totalUs);
      if (Number.isNaN(startedUs)) this.malformed += 1;
      else this.#writeRow(lines, fields, startedUs, known);
    }
    return this.#fields.lineEnd;
  }

  /** From the time to the value. @returns whether there is a number. */
  #goOn(lines: Buffer): boolean {
    const { end } = this.#cells;
    return lines[end] === COMMA && this.#cells.isNumber(lines, end + 1);
  }

  /** When a request was; NaN where it cannot be told. */
  #started(key: number, ownUs: number, totalUs: number): number {
    // Where the HTTP samples were lost, the script's own sample came no more than its checks later.
    const endedUs = this.#ended.get(key) ?? Number.NaN;
    const startedUs = (Number.isNaN(endedUs) ? ownUs : endedUs) - totalUs;
    if (!Number.isSafeInteger(startedUs) || startedUs < 0) return Number.NaN;
    this.#ended.delete(key);
    if (!Number.isNaN(key)) this.#keys.add(key);
    return startedUs;
  }

  /** null where the columns are not those of the file. */
  #headOf(text: string): Head | null {
    const known = this.#heads.get(text);
    if (known !== undefined) return known;
    const cells = text.split(',');
    if (cells.length !== this.#headCells) return null;
    const first = this.#second ? SECOND_HEADS : 0;
    const head = { cells, index: first + this.#heads.size, requests: 0 };
    this.#heads.set(text, head);
    return head;
  }

  /** The fields that were read. */
  #textOf(lines: Buffer, from: number): string {
    const { end, plain } = this.#fields;
    const text = lines.toString('latin1', from, end);
    return plain ? text : withoutOddNumbers(text);
  }

  #writeRow(lines: Buffer, from: number, startedUs: number, head: Head): void {
    const { end, plain } = this.#fields;
    if (plain) this.#rows.addBytes(lines, from, end, startedUs, head.index);
    else this.#rows.addText(this.#textOf(lines, from), startedUs, head.index);
    head.requests += 1;
  }
}

/** A number within metadata, whose keys have `&` between them. */
function keyAt(lines: Buffer, from: number): number {
  let key = 0;
  let at = from;
  for (; isDigit(lines[at] as number); at += 1) key = key * 10 + (lines[at] as number) - ZERO;
  const whole = at > from && (lines[at] === LINE_FEED || lines[at] === AND);
  return whole && Number.isSafeInteger(key) ? key : Number.NaN;
}
