import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { createRawFile, type RawFile } from '../../store/raw-file.ts';
import { readTrace } from '../../store/telemetry/parse-trace.ts';
import { TraceRows } from '../../store/telemetry/trace-rows.ts';
import { readLines } from '../shared/read-lines.ts';
import type { ReadTrace } from './envelope.ts';
import { traceIdOf } from './raw-traces.ts';

/** Of DuckDB, which makes the rows' files. */
const ROWS_MB = 384;

/**
 * The file of traces, and their rows for the merge. A trace is written when it is first read and again
 * when it has grown, so that what was read is kept whatever happens, in memory that does not grow with
 * it; in the end only its last line and rows stay.
 */
export class TraceFile {
  readonly #rawFolder: string;
  readonly #path: string;
  readonly #readsPath: string;
  readonly #reads: RawFile;
  readonly #rows: TraceRows;
  /** Lines that are there of traces that were written more than once. */
  readonly #rewritten = new Map<string, number>();

  constructor(rawFolder: string) {
    this.#rawFolder = rawFolder;
    this.#path = join(rawFolder, RAW_FILES.traces);
    this.#readsPath = join(rawFolder, `reads-${RAW_FILES.traces}`);
    this.#reads = createRawFile(this.#readsPath);
    this.#rows = new TraceRows(rawFolder);
  }

  /**
   * Where a promise comes back, more may be written when it resolves.
   * @param again whether what was written of the trace is to go
   */
  write({ id, trace, line }: ReadTrace, again: boolean): Promise<unknown> | undefined {
    if (again) this.#rewritten.set(id, (this.#rewritten.get(id) ?? 1) + 1);
    const parsed = readTrace(trace);
    const lines = this.#reads.write(line ?? `${JSON.stringify(trace)}\n`);
    const rows = parsed === null ? undefined : this.#rows.add(parsed, again);
    return lines === undefined || rows === undefined ? (lines ?? rows) : Promise.all([lines, rows]);
  }

  async finish(): Promise<void> {
    await this.#reads.finish();
    if (this.#rewritten.size === 0) await rename(this.#readsPath, this.#path);
    else await this.#keepLast();
    const tempFolder = join(this.#rawFolder, 'rows-temp');
    try {
      // After the documents: the merge takes rows that are not older.
      await this.#rows.finish({ tempFolder, memoryMb: ROWS_MB });
    } finally {
      await rm(tempFolder, { recursive: true, force: true });
    }
  }

  async #keepLast(): Promise<void> {
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
    await this.#rows.discard();
    await rm(this.#readsPath, { force: true });
  }
}
