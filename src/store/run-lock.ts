import { randomUUID } from 'node:crypto';
import { constants, copyFileSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, isExpected, UsageError } from '../base/errors.ts';
import { fileError, readJson } from '../base/files.ts';
import {
  ownIdentity,
  type ProcessIdentity,
  processIdentitySchema,
  stateOf,
} from '../base/processes/identity.ts';

const LOCK = 'lock.json';

/**
 * Makes this process the one that measures into a run's folder, which must exist. A lock whose process is
 * gone (kill -9, a reboot) is taken over. Returns what gives it back. Throws UsageError where another
 * process goes on with the run, or may.
 */
export function lockRun(path: string): () => void {
  const lock = join(path, LOCK);
  // A process of another container may have this one's number.
  const own = join(path, `.${LOCK}.${randomUUID()}.tmp`);
  try {
    writeFileSync(own, `${JSON.stringify(ownIdentity())}\n`);
    // A link is made whole or not at all, and never over another.
    while (!linked(own, lock)) takeAway(lock, own);
  } catch (error) {
    throw fileError(error, 'lock', path);
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** Whether a process measures into a run's folder now; `unknown` where that cannot be seen from here. */
export function runState(path: string): 'running' | 'gone' | 'unknown' {
  const holder = holderOf(join(path, LOCK));
  return holder === null ? 'gone' : stateOf(holder);
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    return copied(from, to);
  }
}

/** Where a file system has no links: never over another either. */
function copied(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a lock away whose process is gone. Throws UsageError where it is not. */
function takeAway(lock: string, own: string): void {
  const holder = holderOf(lock);
  if (holder !== null) refuse(lock, holder);
  const taken = `${own}.taken`;
  try {
    renameSync(lock, taken);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  const found = holderOf(taken);
  try {
    // Another was faster, and what was taken is its lock: it gets it back.
    if (found !== null && stateOf(found) !== 'gone') linked(taken, lock);
  } finally {
    rmSync(taken, { force: true });
  }
}

function refuse(lock: string, holder: ProcessIdentity): void {
  const state = stateOf(holder);
  if (state === 'gone') return;
  const { pid, host } = holder;
  throw new UsageError(
    state === 'running'
      ? `the run is still going on, in process ${pid}: wait for its end, or end it first`
      : `the run may still be going on, in process ${pid} of ${host}, which cannot be seen from here\n  where it is not, remove ${lock}`,
  );
}

/** null: there is none, or nobody can have written it. */
function holderOf(lock: string): ProcessIdentity | null {
  try {
    return readJson(lock, processIdentitySchema);
  } catch (error) {
    if (isExpected(error)) return null;
    throw error;
  }
}
