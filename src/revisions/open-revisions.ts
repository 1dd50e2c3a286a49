import { relative, sep } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { movedPath } from '../base/moved-path.ts';
import { packageRoot } from '../base/package-root.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import type { GateSide } from '../model/gate.ts';
import type { BaseCode } from '../model/ports.ts';
import { createBaseCode } from './base-code.ts';
import { createGit, type Git } from './git.ts';
import {
  changedFiles,
  commitOf,
  distanceFromHead,
  findRepository,
  isTracked,
  type Repository,
} from './repository.ts';
import { unbuilt } from './unbuilt.ts';

export interface Revisions {
  base: GateSide;
  head: GateSide;
  code: BaseCode;
  /** What may mislead, as sentences. */
  notes: string[];
}

/** A file or a folder whose code is measured. */
export interface MeasuredCode {
  /** Absolute. Of bench's own handlers: packageRoot(). */
  path: string;
  /** The setting it is from: `--handler`. */
  named: string;
  /** Of a file: what is called. */
  exportName?: string;
}

/**
 * Finds the revision a gate compares the working tree with, in the repository of `cwd`. Nothing is
 * checked out before its code is asked for. Throws UsageError for a revision or a repository there is
 * not, and for code that is not of the repository.
 */
export async function openRevisions(job: {
  /** As git names it: `origin/main`. */
  against: string;
  cwd: string;
  /** Command that makes a checkout ready, run by a shell in it; null: nothing is needed. */
  build: string | null;
  code: readonly MeasuredCode[];
  cacheFolder: string;
  /** Of the build. @default that of this process */
  env?: NodeJS.ProcessEnv;
  supervisor: Supervisor;
  signal: AbortSignal;
  step(text: string): void;
}): Promise<Revisions> {
  const { against, cwd, env = process.env } = job;
  const git = createGit({ ...job, env });
  const repository = await findRepository(git, cwd);
  const commit = await commitOf(git, repository, against);
  const code: string[] = [];
  for (const one of job.code) code.push(await wayInRepository(git, repository, one));
  const base = { label: against, commit, note: await distanceFromHead(git, repository, commit) };
  const head = { label: 'working tree', commit: repository.head, note: null };
  const changed = await changedFiles(git, repository);
  const named = `${against} (${short(commit)})`;
  return {
    base,
    head: { ...head, note: differing(changed, repository.head) },
    code: createBaseCode({ ...job, git, repository, commit, named, code, env }),
    notes: [
      ...sameCommit(repository, commit, named, changed),
      ...(await submodules(git, repository, commit, against)),
      ...(await unbuiltOf(git, repository, job.code)),
    ],
  };
}

/** From the root, with the export. Throws UsageError where it does not lie in the repository. */
async function wayInRepository(
  git: Git,
  repository: Repository,
  { path, named, exportName }: MeasuredCode,
): Promise<string> {
  const { root } = repository;
  const inside = movedPath(path, { from: root, to: root });
  if (path === packageRoot()) {
    if (inside !== null && (await isTracked(git, repository, inside)))
      return relative(root, inside);
    throw new UsageError(
      `--against: bench and its own handlers are no part of ${root}, so no revision of it changes them; name a handler of yours with --handler`,
    );
  }
  if (inside === null) {
    throw new UsageError(
      `${named}: ${path} is outside the repository ${root}, whose revisions --against compares; name a file in it, or compare two files with --base-handler and --head-handler`,
    );
  }
  const way = relative(root, inside).replaceAll(sep, '/');
  return exportName === undefined ? way : `${way}#${exportName}`;
}

function differing(files: number, head: string | null): string | null {
  if (files === 0) return null;
  const which = files === 1 ? '1 file differs' : `${files} files differ`;
  return `measured as it is: ${which} from ${head === null ? 'the empty tree' : short(head)}`;
}

function sameCommit(
  { head }: Repository,
  commit: string,
  named: string,
  changed: number,
): string[] {
  if (head !== commit) return [];
  return changed === 0
    ? [`${named} is what is checked out, and no file is changed: both sides are of the same commit`]
    : [`${named} is what is checked out: the sides differ in the changed files only`];
}

async function submodules(
  git: Git,
  { root }: Repository,
  commit: string,
  against: string,
): Promise<string[]> {
  const found = await git(root, 'cat-file', '-e', `${commit}:.gitmodules`);
  if (found.status !== 0) return [];
  return [
    `${against} has submodules, which are not checked out: gate.build has to fetch those it needs (git submodule update --init)`,
  ];
}

async function unbuiltOf(
  git: Git,
  repository: Repository,
  code: readonly MeasuredCode[],
): Promise<string[]> {
  const { root } = repository;
  const paths = code.map(({ path }) => movedPath(path, { from: root, to: root }));
  const sentences = paths.map((path) => (path === null ? null : unbuilt(git, repository, path)));
  return (await Promise.all(sentences)).filter((sentence) => sentence !== null);
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
