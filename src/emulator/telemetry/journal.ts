import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { diskError } from '../disk-error.ts';
import { doubles } from './growing-array.ts';

const BLOCK_BYTES = 256 * 1024;
/** Longest time a record stays in memory only. */
const FLUSH_MS = 50;
/** Records nearer than this are read at once. */
const GAP_BYTES = 16 * 1024;
const READ_BYTES = 1024 * 1024;
/** Read on the caller's time: from the kernel's cache in 4 to 10 µs, and handing it to a thread takes more. */
const SYNC_BYTES = 64 * 1024;

/**
 * Texts in one append-only file, found again by number. Appending copies into a block; blocks are
 * written one after another, never on the caller's time. Memory: 8 bytes a record, and what the disk
 * has not taken yet.
 */
export class Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #starts = doubles();
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #used = 0;
  #end = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #failure: unknown = null;
  #closed = false;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  static async create(path: string): Promise<Journal> {
    return new Journal(await open(path, 'wx+', 0o600), path);
  }

  get length(): number {
    return this.#starts.length;
  }

  /** @returns the record's number. */
  append(text: string): number {
    // Nearly all is ASCII: three bytes a character is the bound that needs no counting.
    this.#makeRoom(text.length * 3);
    return this.#appended(this.#block.write(text, this.#used, 'utf8'));
  }

  /** The same of text that is in UTF-8 already, after one ASCII character. */
  appendBytes(first: string, bytes: Uint8Array): number {
    this.#makeRoom(bytes.length + 1);
    this.#block[this.#used] = first.charCodeAt(0);
    this.#block.set(bytes, this.#used + 1);
    return this.#appended(bytes.length + 1);
  }

  /** All that was appended is in the file. Throws where the disk did not take it. */
  async flush(): Promise<void> {
    this.#handOver();
    await this.#writing;
    if (this.#failure !== null) throw diskError(`write telemetry to ${this.#path}`, this.#failure);
  }

  /** The texts of the records, in the order asked for; each block of neighbours is one read. */
  async read(numbers: readonly number[]): Promise<string[]> {
    await this.flush();
    const order = Array.from(numbers, (_, index) => index).sort(
      (a, b) => (numbers[a] as number) - (numbers[b] as number),
    );
    const texts = new Array<string>(numbers.length).fill('');
    for (let from = 0; from < order.length; ) {
      const start = this.#startOf(numbers[order[from] as number] as number);
      let to = from;
      let end = start;
      while (to < order.length) {
        const number = numbers[order[to] as number] as number;
        const near = this.#startOf(number) - end < GAP_BYTES;
        if (to > from && (!near || this.#startOf(number + 1) - start > READ_BYTES)) break;
        end = this.#startOf(number + 1);
        to += 1;
      }
      const buffer = Buffer.allocUnsafe(end - start);
      if (buffer.length <= SYNC_BYTES) readSync(this.#file.fd, buffer, 0, buffer.length, start);
      else await this.#file.read(buffer, 0, buffer.length, start);
      for (; from < to; from += 1) {
        const index = order[from] as number;
        const number = numbers[index] as number;
        texts[index] = buffer.toString(
          'utf8',
          this.#startOf(number) - start,
          this.#startOf(number + 1) - start,
        );
      }
    }
    return texts;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writing;
    await this.#file.close();
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes <= this.#block.length) return;
    this.#handOver();
    if (bytes > this.#block.length) this.#block = Buffer.allocUnsafe(bytes);
  }

  #appended(bytes: number): number {
    const number = this.#starts.length;
    this.#starts.push(this.#end);
    this.#used += bytes;
    this.#end += bytes;
    this.#timer ??= setTimeout(() => this.#handOver(), FLUSH_MS);
    return number;
  }

  #startOf(number: number): number {
    return number < this.#starts.length ? this.#starts.at(number) : this.#end;
  }

  #handOver(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#used === 0 || this.#closed) return;
    const part = this.#block.subarray(0, this.#used);
    const position = this.#end - this.#used;
    this.#block = Buffer.allocUnsafe(BLOCK_BYTES);
    this.#used = 0;
    this.#writing = this.#writing.then(() => this.#write(part, position));
  }

  async #write(part: Buffer, position: number): Promise<void> {
    if (this.#failure !== null) return;
    try {
      for (let done = 0; done < part.length; ) {
        const { bytesWritten } = await this.#file.write(
          part,
          done,
          part.length - done,
          position + done,
        );
        done += bytesWritten;
      }
    } catch (error) {
      this.#failure = error;
    }
  }
}
