import { constants, existsSync, mkdirSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isExpected, messageOf } from '../base/errors.ts';

/** A database's folder, seeded once and then copied. */
export interface SnapshotJob {
  cacheFolder: string;
  /** Names the content: what the rows are made by, the tables, the database's version. */
  key: string;
  /** Becomes the database's folder; exists and is empty. */
  into: string;
  /** Seeds a database in `into`; its files are at rest when this resolves. */
  make(): Promise<void>;
  signal: AbortSignal;
}

export interface SnapshotOutcome {
  /** Whether it came from the cache. */
  cached: boolean;
  /** Why it could not be kept for the next time; the folder is good all the same. */
  notKept: string | null;
}

/**
 * Fills `into` from the snapshot of that key or, where there is none, makes it and keeps a copy.
 * A snapshot appears in one step, so that an interrupted one is never taken for whole.
 */
export async function fromSnapshot(job: SnapshotJob): Promise<SnapshotOutcome> {
  const kept = join(job.cacheFolder, 'snapshots', job.key);
  if (existsSync(kept)) {
    await copy(kept, job.into);
    job.signal.throwIfAborted();
    return { cached: true, notKept: null };
  }
  await job.make();
  job.signal.throwIfAborted();
  const draft = `${kept}.${process.pid}`;
  try {
    mkdirSync(join(job.cacheFolder, 'snapshots'), { recursive: true });
    await copy(job.into, draft);
    await rename(draft, kept);
    return { cached: false, notKept: null };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another run may have been first: then there is one.
    if (existsSync(kept)) return { cached: false, notKept: null };
    if (isExpected(error)) throw error;
    return { cached: false, notKept: messageOf(error) };
  }
}

function copy(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}
