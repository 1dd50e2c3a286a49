import { REQUEST_METADATA, REQUEST_METRIC } from '../../model/k6-samples.ts';
import { BegunKeys } from './begun-keys.ts';
import { afterName, CellReader, isDigit, lineEnd, writeDigits } from './csv-cells.ts';
import { LONGEST_LINE } from './line-blocks.ts';
import { RequestFields, withoutOddNumbers } from './request-fields.ts';

const [LINE_FEED, AND, COMMA, ZERO, SEMICOLON] = [0x0a, 0x26, 0x2c, 0x30, 0x3b] as const;
const OWN = Buffer.from(`\n${REQUEST_METRIC},`);
const ENDED = Buffer.from('\nhttp_req_duration,');
const REQUEST = Buffer.from(`,${REQUEST_METADATA}=`);
const JOIN_KEY = Buffer.from('join_key=');

const BLOCK_BYTES = 1 << 20;
/** Of a row beside the fields. */
const MORE_BYTES = 64;

/** The cells between value and metadata of a script's sample: there are few such, and each has a number. */
export interface Head {
  cells: readonly string[];
  index: number;
  requests: number;
}

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
  /** Lines of the two metrics without a number where their time or value should be, or not whole. */
  malformed = 0;

  readonly #headCells: number;
  readonly #write: (rows: Buffer) => void;
  readonly #rows = Buffer.allocUnsafe(BLOCK_BYTES + LONGEST_LINE);
  #length = 0;
  readonly #cells = new CellReader();
  readonly #fields = new RequestFields();
  /** Join key → instant of its request's end (NaN: not told), of those whose own sample has not come. */
  readonly #ended = new Map<number, number>();
  readonly #keys = new BegunKeys();

  /**
   * @param columns of the file; the first three are name, time and value, the last is the metadata
   * @param write gets blocks of rows; they are overwritten when it has returned
   */
  constructor(columns: number, write: (rows: Buffer) => void) {
    this.#headCells = columns - 4;
    this.#write = write;
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
    return [...this.#heads.values()];
  }

  /** Nothing more comes. `unfinished`: began and have no row; `lost`: left no sample at all. */
  finish(): { unfinished: number; lost: number } {
    this.#flush();
    for (const key of this.#ended.keys()) this.#keys.add(key);
    return { unfinished: this.#ended.size, lost: this.#keys.missing };
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
    const startedUs = sound && known !== null ? this.#startOf(atUs) : Number.NaN;
    if (known === null || Number.isNaN(startedUs)) this.malformed += 1;
    else this.#writeRow(lines, fields, startedUs, known);
    return this.#fields.lineEnd;
  }

  /** From the time to the value. @returns whether there is a number. */
  #goOn(lines: Buffer): boolean {
    const { end } = this.#cells;
    return lines[end] === COMMA && this.#cells.isNumber(lines, end + 1);
  }

  /** Of the request whose fields were read; NaN where it cannot be told. */
  #startOf(ownUs: number): number {
    const { key, totalUs, whole } = this.#fields;
    if (!whole || Number.isNaN(totalUs)) return Number.NaN;
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
    const head = { cells, index: this.#heads.size, requests: 0 };
    this.#heads.set(text, head);
    return head;
  }

  #writeRow(lines: Buffer, from: number, startedUs: number, head: Head): void {
    const { end, plain } = this.#fields;
    const rows = this.#rows;
    if (this.#length + end - from + MORE_BYTES > rows.length) this.#flush();
    head.requests += 1;
    let at = this.#length;
    if (plain) at += lines.copy(rows, at, from, end);
    else at += rows.write(withoutOddNumbers(lines.toString('utf8', from, end)), at);
    rows[at] = SEMICOLON;
    at = writeDigits(rows, at + 1, startedUs);
    rows[at] = SEMICOLON;
    at = writeDigits(rows, at + 1, head.index);
    rows[at] = LINE_FEED;
    this.#length = at + 1;
  }

  #flush(): void {
    if (this.#length > 0) this.#write(this.#rows.subarray(0, this.#length));
    this.#length = 0;
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
