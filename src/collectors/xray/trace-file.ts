import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { createRawFile, type RawFile } from '../shared/raw-file.ts';
import { readLines } from '../shared/read-lines.ts';
import { traceIdOf } from './raw-traces.ts';

/**
 * The file of traces. A trace is written when it is first read and again when it has grown, so that
 * what was read is kept whatever happens, in memory that does not grow with it; in the end only its
 * last line stays.
 */
export class TraceFile {
  readonly #path: string;
  readonly #readsPath: string;
  readonly #reads: RawFile;
  /** Lines that are there of traces that were written more than once. */
  readonly #rewritten = new Map<string, number>();

  constructor(rawFolder: string) {
    this.#path = join(rawFolder, RAW_FILES.traces);
    this.#readsPath = join(rawFolder, `reads-${RAW_FILES.traces}`);
    this.#reads = createRawFile(this.#readsPath);
  }

  /** @param again whether an earlier line of the trace is to go. */
  async write(id: string, line: string, again: boolean): Promise<void> {
    if (again) this.#rewritten.set(id, (this.#rewritten.get(id) ?? 1) + 1);
    await this.#reads.write(`${line}\n`);
  }

  async finish(): Promise<void> {
    await this.#reads.finish();
    if (this.#rewritten.size === 0) return rename(this.#readsPath, this.#path);
    const whole = createRawFile(this.#path);
    try {
      for await (const lines of readLines(this.#readsPath)) {
        const last = lines.filter((line) => this.#isLast(line));
        if (last.length > 0) await whole.write(`${last.join('\n')}\n`);
      }
      await whole.finish();
    } finally {
      await whole.discard();
    }
  }

  #isLast(line: string): boolean {
    const id = traceIdOf(line);
    const left = this.#rewritten.get(id);
    if (left === undefined || left === 1) return true;
    this.#rewritten.set(id, left - 1);
    return false;
  }

  async discard(): Promise<void> {
    await this.#reads.discard();
    await rm(this.#readsPath, { force: true });
  }
}
