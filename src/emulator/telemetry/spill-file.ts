import { mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A file without a name, for what need not be in memory: opened and unlinked at once, so it goes with
 * the process, however that ends. Append-only; reads and writes are synchronous, of a few kilobytes,
 * from and to the kernel's cache (10 to 20 µs for 32 KB, every 4,096 values).
 */
class SpillFile {
  readonly #file: number;
  #end = 0;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'bench-spill-'));
    const path = join(folder, 'spill');
    try {
      this.#file = openSync(path, 'wx+', 0o600);
      unlinkSync(path);
    } finally {
      rmdirSync(folder);
    }
  }

  /** @returns where it is; null where the disk does not take it. */
  append(bytes: Uint8Array): number | null {
    const start = this.#end;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, start + done);
      }
    } catch {
      return null;
    }
    this.#end += bytes.length;
    return start;
  }

  read(into: Uint8Array, start: number): void {
    for (let done = 0; done < into.length; ) {
      const count = readSync(this.#file, into, done, into.length - done, start + done);
      if (count === 0) throw new Error(`the spill file ends before ${start + into.length}`);
      done += count;
    }
  }
}

let shared: SpillFile | null | undefined;

function spillFile(): SpillFile | null {
  if (shared !== undefined) return shared;
  try {
    shared = new SpillFile();
  } catch {
    // No folder for temporary files that may be written: then all stays in memory.
    shared = null;
  }
  return shared;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Puts an array away. @returns where it is; null where it has to stay in memory. */
export function spill(values: ArrayBufferView): number | null {
  return spillFile()?.append(bytesOf(values)) ?? null;
}

/** Fills an array with what was put away, from `start` bytes on. */
export function unspill(values: ArrayBufferView, start: number): void {
  shared?.read(bytesOf(values), start);
}
