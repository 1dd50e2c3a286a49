import { constants, existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { cp, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, messageOf } from '../base/errors.ts';
import { fileError, makeFolder } from '../base/files.ts';

/** A database's folder, seeded once and then copied. */
export interface SnapshotJob {
  cacheFolder: string;
  /** Names the content: what the rows are made by, the tables, the database's version. */
  key: string;
  /** Becomes the database's folder; exists and is empty. Copied files belong to this process's user. */
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

const DAY_MS = 24 * 3_600_000;
/** Of a data set or a version that nobody uses any more. */
const UNUSED_MS = 30 * DAY_MS;
/** A copy takes seconds: whoever made this one has been killed. */
const DRAFT_MS = DAY_MS / 24;
const DRAFT = /\.draft-[^.]*$/;

/**
 * Fills `into` from the snapshot of that key or, where there is none, makes it and keeps a copy.
 * A snapshot appears in one step, so that an interrupted one is never taken for whole. Throws
 * UsageError where the disk of `into` is full; a cache that takes no snapshot is told, not thrown.
 */
export async function fromSnapshot(job: SnapshotJob): Promise<SnapshotOutcome> {
  const { into, signal } = job;
  const folder = join(job.cacheFolder, 'snapshots');
  const kept = join(folder, job.key);
  if (existsSync(kept) && (await copyOut(kept, into))) {
    signal.throwIfAborted();
    await removeOld(folder);
    return { cached: true, notKept: null };
  }
  await job.make();
  signal.throwIfAborted();
  let draft: string | undefined;
  try {
    makeFolder(folder);
    await removeOld(folder);
    draft = mkdtempSync(`${kept}.draft-`);
    await copy(into, draft);
    await rename(draft, kept);
    return { cached: false, notKept: null };
  } catch (error) {
    if (draft !== undefined) await rm(draft, { recursive: true, force: true });
    // Another run may have been first: then there is one.
    if (existsSync(kept)) return { cached: false, notKept: null };
    const told = fileError(error, 'write', folder);
    return { cached: false, notKept: messageOf(told) };
  }
}

/** False where the snapshot went while it was copied, or is another user's; then `into` is empty again. */
async function copyOut(kept: string, into: string): Promise<boolean> {
  try {
    const now = new Date();
    // Used now: see removeOld.
    await utimes(kept, now, now).catch(() => {});
    await copy(kept, into);
    return true;
  } catch (error) {
    if (!['ENOENT', 'EACCES'].includes(errnoOf(error) ?? ''))
      throw fileError(error, 'copy a snapshot to', into);
    for (const name of await readdir(into)) await rm(join(into, name), { recursive: true });
    return false;
  }
}

async function removeOld(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (ageMs < (DRAFT.test(name) ? DRAFT_MS : UNUSED_MS)) continue;
    // A cache that may only be read is good, too.
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

function copy(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}
