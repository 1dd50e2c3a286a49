import { writeDigits } from './csv-cells.ts';
import { LONGEST_LINE } from './line-blocks.ts';

const [LINE_FEED, SEMICOLON] = [0x0a, 0x3b] as const;
const BLOCK_BYTES = 1 << 20;
/** Of a row beside the fields. */
const MORE_BYTES = 64;

/** Rows of requests, in blocks: the fields of each, when it started and the number of its head. */
export class RequestRows {
  readonly #write: (rows: Buffer) => void;
  readonly #rows = Buffer.allocUnsafe(BLOCK_BYTES + LONGEST_LINE);
  #length = 0;

  /** @param write gets blocks of rows; they are overwritten when it has returned */
  constructor(write: (rows: Buffer) => void) {
    this.#write = write;
  }

  /** Fields as they stand in bytes. */
  addBytes(lines: Buffer, from: number, end: number, startedUs: number, head: number): void {
    this.#makeRoom(end - from);
    const length = lines.copy(this.#rows, this.#length, from, end);
    this.#end(this.#length + length, startedUs, head);
  }

  /** @param fields a byte a character */
  addText(fields: string, startedUs: number, head: number): void {
    this.#makeRoom(fields.length);
    const length = this.#rows.write(fields, this.#length, 'latin1');
    this.#end(this.#length + length, startedUs, head);
  }

  flush(): void {
    if (this.#length > 0) this.#write(this.#rows.subarray(0, this.#length));
    this.#length = 0;
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes + MORE_BYTES > this.#rows.length) this.flush();
  }

  #end(from: number, startedUs: number, head: number): void {
    const rows = this.#rows;
    rows[from] = SEMICOLON;
    let at = writeDigits(rows, from + 1, startedUs);
    rows[at] = SEMICOLON;
    at = writeDigits(rows, at + 1, head);
    rows[at] = LINE_FEED;
    this.#length = at + 1;
  }
}
