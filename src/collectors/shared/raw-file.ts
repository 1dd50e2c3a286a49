import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { errnoOf, messageOf, ToolError, UsageError } from '../../base/errors.ts';

/** A raw file that is there only when it is whole: it has another name until then. */
export interface RawFile {
  /** Resolves when more may be written. */
  write(text: string): Promise<void>;
  /** Gives the file its name. */
  finish(): Promise<void>;
  /** Removes what was written; does nothing once finished. */
  discard(): Promise<void>;
}

/** @param path compressed where it ends in `.gz`. */
export function createRawFile(path: string): RawFile {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial);
  const gzip = path.endsWith('.gz') ? createGzip({ level: 1 }) : null;
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

  return {
    write: async (text) => {
      check();
      if (head.write(text)) return;
      drained ??= new Promise<void>((resolve) => head.once('drain', resolve)).then(() => {
        drained = null;
      });
      await Promise.race([drained, done]);
      check();
    },
    finish: async () => {
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
