import { chmodSync, copyFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import { type Git, items, said } from './git.ts';
import type { Repository } from './repository.ts';

/** The code of a commit, in a temporary folder. */
export interface CheckedOut {
  root: string;
  /** Around it, for what belongs to it and is no part of it. */
  folder: string;
  remove(): Promise<void>;
}

/**
 * What of the user's own settings of the repository decides what a file looks like once it is checked
 * out (filters, ends of lines), and where objects come from that a partial clone left out.
 */
const NEEDED_SETTINGS =
  '^(remote\\..*\\.(url|promisor|partialclonefilter)|extensions\\.partialclone|filter\\..*|lfs\\..*|core\\.(autocrlf|eol))$';

/**
 * Checks a commit out into a repository of its own that borrows the user's objects, so that whatever
 * is done in it (a build's hooks and settings, too) cannot reach the user's: a `git worktree` would
 * share them. The supervisor removes the folder at the latest. Throws UsageError where git cannot.
 */
export async function checkOut(job: {
  git: Git;
  repository: Repository;
  commit: string;
  /** For messages: `origin/main (3f2c1a9)`. */
  named: string;
  supervisor: Supervisor;
}): Promise<CheckedOut> {
  const { git, repository, commit, named } = job;
  const own = job.supervisor.ownFolder('bench-base');
  // Code that may be private, and settings of its repository.
  chmodSync(own, 0o700);
  // A bundler names files by their real paths, relative to that of the root.
  const root = join(realpathSync(own), 'checkout');
  const dotGit = join(root, '.git');
  mkdirSync(root);
  const format = `--object-format=${repository.objectFormat}`;
  await said(git(root, 'init', '--quiet', '--template=', format), `prepare ${root}`);
  mkdirSync(join(dotGit, 'objects', 'info'), { recursive: true });
  writeFileSync(join(dotGit, 'objects', 'info', 'alternates'), `${repository.objects}\n`);
  if (repository.shallow !== null) copyFileSync(repository.shallow, join(dotGit, 'shallow'));
  await copySettings(git, repository.root, root);
  await copyTags(git, repository.root, dotGit);
  const answer = await git(root, 'checkout', '--quiet', '--detach', '--force', commit);
  if (answer.status !== 0) {
    throw new UsageError(`--against: git cannot check out ${named}:\n${answer.stderr.trim()}`);
  }
  return {
    root,
    folder: own,
    // What a build left running may still write for a moment.
    remove: () => rm(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

async function copySettings(git: Git, from: string, to: string): Promise<void> {
  const found = await git(from, 'config', '--local', '-z', '--get-regexp', NEEDED_SETTINGS);
  for (const item of items(found.stdout)) {
    const end = item.indexOf('\n');
    if (end < 0) continue;
    const [name, value] = [item.slice(0, end), item.slice(end + 1)];
    const place = /^\.\.?\//.test(value) ? resolve(from, value) : value;
    if (name === 'extensions.partialclone') await set('core.repositoryFormatVersion', '1');
    await set(name, name.endsWith('.url') ? place : value);
  }

  async function set(name: string, value: string): Promise<void> {
    await said(git(to, 'config', '--add', name, value), `set ${name}`);
  }
}

/** A build may ask `git describe` for its version. Written at once: there may be thousands. */
async function copyTags(git: Git, from: string, dotGit: string): Promise<void> {
  const { stdout } = await git(
    from,
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    'refs/tags',
  );
  if (stdout !== '') writeFileSync(join(dotGit, 'packed-refs'), stdout);
}
