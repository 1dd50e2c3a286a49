import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { type Git, items, said } from './git.ts';

/** The user's repository; it is read only. Paths are absolute. */
export interface Repository {
  root: string;
  /** The way from root to where bench was started. */
  folder: string;
  /** Where its objects are; that of the main one, from a linked worktree. */
  objects: string;
  /** Lists the commits whose parents are not here; null where all are. */
  shallow: string | null;
  /** `sha1`, `sha256`. */
  objectFormat: string;
  /** null: nothing was ever committed. */
  head: string | null;
}

/** Throws UsageError where there is none. */
export async function findRepository(git: Git, cwd: string): Promise<Repository> {
  const top = await git(cwd, 'rev-parse', '--show-toplevel');
  if (top.status !== 0) {
    const reason = /not a git repository/.test(top.stderr)
      ? `${cwd} is in no git repository; start bench in yours`
      : `git finds no repository in ${cwd}: ${top.stderr.trim()}`;
    throw new UsageError(`--against: ${reason}`);
  }
  const root = withoutNewline(top.stdout);
  const about = async (...args: string[]) =>
    withoutNewline(await said(git(root, 'rev-parse', ...args), `tell of ${root}`));
  const shallow = resolve(root, await about('--git-path', 'shallow'));
  const head = await git(root, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
  const prefix = withoutNewline(
    await said(git(cwd, 'rev-parse', '--show-prefix'), `tell of ${cwd}`),
  );
  return {
    root,
    folder: relative(root, resolve(root, prefix)),
    objects: resolve(root, await about('--git-path', 'objects')),
    shallow: existsSync(shallow) ? shallow : null,
    objectFormat: await about('--show-object-format'),
    head: head.status === 0 ? head.stdout.trim() : null,
  };
}

/** The commit a user names. Throws UsageError for one that is not here. */
export async function commitOf(git: Git, { root }: Repository, against: string): Promise<string> {
  const name = `${against}^{commit}`;
  const answer = await git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', name);
  const commit = answer.stdout.trim();
  if (answer.status === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new UsageError(
    `--against: "${against}" is no commit of ${root}; get it with git fetch, in CI with the whole history (actions/checkout: fetch-depth: 0)`,
  );
}

/** How far a commit is from HEAD, in words; null where there is nothing to say or it is not known. */
export async function distanceFromHead(
  git: Git,
  { root, head, shallow }: Repository,
  commit: string,
): Promise<string | null> {
  // Without the history between them the count would be wrong.
  if (head === null || head === commit || shallow !== null) return null;
  const range = `${commit}...${head}`;
  const counted = await git(root, 'rev-list', '--left-right', '--count', range);
  const [ahead, behind] = counted.stdout.trim().split('\t').map(Number);
  if (counted.status !== 0 || ahead === undefined || behind === undefined) return null;
  const late = behind === 0 ? [] : [`${commits(behind)} behind HEAD`];
  const lacking = ahead === 0 ? [] : [`with ${commits(ahead)} that HEAD lacks`];
  return [...late, ...lacking].join(', ') || null;
}

/** Files that are not as in HEAD: changed, removed, or unknown to git and not ignored. */
export async function changedFiles(git: Git, { root }: Repository): Promise<number> {
  const all = ['--porcelain', '-z', '--untracked-files=all', '--no-renames'];
  return items(await said(git(root, 'status', ...all), `tell what is changed in ${root}`)).length;
}

/** Whether a file, or anything in a folder, is kept by git. */
export async function isTracked(git: Git, { root }: Repository, path: string): Promise<boolean> {
  const listed = await git(root, 'ls-files', '-z', '--', `:(top,literal)${relative(root, path)}`);
  return listed.stdout !== '';
}

function commits(count: number): string {
  return count === 1 ? '1 commit' : `${count} commits`;
}

function withoutNewline(line: string): string {
  return line.replace(/\n$/, '');
}
