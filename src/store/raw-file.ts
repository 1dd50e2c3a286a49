import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { errnoOf, messageOf, ToolError, UsageError } from '../base/errors.ts';

/** A raw file that is there only when it is whole: it has another name until then. */
export interface RawFile {
  /** Where a promise comes back, more may be written when it resolves. Bytes are copied. */
  write(data: string | Uint8Array): Promise<void> | undefined;
  /** Gives the file its name. */
  finish(): Promise<void>;
  /** Removes what was written; does nothing once finished. */
  discard(): Promise<void>;
}

/** Handed on at once: each piece costs the compression a turn of a thread. */
const BLOCK_BYTES = 1 << 18;

/** @param path compressed where it ends in `.gz`. */
export function createRawFile(path: string): RawFile {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial);
  const gzip = path.endsWith('.gz') ? createGzip({ level: 1, chunkSize: BLOCK_BYTES }) : null;
  const head: Writable = gzip ?? file;
  let failure: unknown = null;
  let settled = false;
  const fail = (error: unknown): void => {
    failure ??= error;
  };
  file.on('error', fail);
  gzip?.on('error', fail);
  gzip?.pipe(file);
  const done = finished(file).catch(fail);
  // Texts are copied into it as they come: a ninth of what making a Buffer of them together takes.
  let block: Buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let used = 0;
  /** Blocks that were taken in: new ones would be garbage outside of the heap. */
  const free: Buffer[] = [];
  /** Shared by all who wait for it. */
  let drained: Promise<unknown> | null = null;

  function check(): void {
    if (failure === null) return;
    const message = `cannot write ${path}: ${messageOf(failure)}`;
    throw ['ENOSPC', 'EACCES', 'EROFS', 'ENOENT'].includes(errnoOf(failure) ?? '')
      ? new UsageError(
          `${message}; choose a results folder on a disk with space that may be written`,
        )
      : new ToolError(message);
  }

  async function hand(bytes: Uint8Array, taken: () => void = () => {}): Promise<void> {
    check();
    if (!head.write(bytes, taken)) {
      drained ??= new Promise<void>((resolve) => head.once('drain', resolve)).then(() => {
        drained = null;
      });
      await Promise.race([drained, done]);
    }
    check();
  }

  function handBlock(): Promise<void> {
    const full = block;
    const bytes = full.subarray(0, used);
    block = free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    used = 0;
    return hand(bytes, () => free.push(full));
  }

  return {
    write: (data) => {
      // Three bytes a character is the bound that needs no counting.
      const bound = typeof data === 'string' ? data.length * 3 : data.length;
      const full = used + bound > block.length ? handBlock() : undefined;
      if (bound > block.length) {
        // Taken in later than this returns, so of bytes it is a copy, too.
        const large = hand(Buffer.from(data));
        return Promise.all([full, large]).then(() => {});
      }
      if (typeof data === 'string') used += block.write(data, used);
      else {
        block.set(data, used);
        used += data.length;
      }
      return full;
    },
    finish: async () => {
      await handBlock();
      head.end();
      await done;
      check();
      await rename(partial, path);
      settled = true;
    },
    discard: async () => {
      if (settled) return;
      gzip?.unpipe(file);
      gzip?.destroy();
      file.destroy();
      await done;
      await rm(partial, { force: true });
    },
  };
}
