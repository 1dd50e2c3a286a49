import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, ToolError, UsageError } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { buildWithGo } from './go-build.ts';
import { executablesOnPath, isExecutableFile } from './on-path.ts';
import { downloadRelease, RELEASE_SHA256, RELEASES, type ReleaseSource } from './release.ts';
import { askVersion, cachedK6, K6_VERSION } from './version.ts';

/** A k6 that runs here. `origin` says where it is from. */
export interface K6 {
  path: string;
  version: string;
  origin: 'BENCH_K6' | 'PATH' | 'cache' | 'release' | 'go build';
}

export interface FindK6Job {
  supervisor: Supervisor;
  /** The user's environment. */
  env: Record<string, string | undefined>;
  /** Where a k6 that had to be got is kept: see base/cache.ts. */
  cacheFolder: string;
  /** Says what it is doing, and what it passed over. */
  progress(text: string): void;
  signal: AbortSignal;
  /** @default the official releases; null: no download. */
  release?: ReleaseSource | null;
  /** Whether to get k6 where there is none. @default true */
  get?: boolean;
}

/**
 * Finds k6: `BENCH_K6`, PATH, the cache; else gets it: the official release, else built with Go.
 * Throws UsageError where BENCH_K6 is not a k6 that will do, ToolError where all else fails.
 */
export async function findK6(job: FindK6Job): Promise<K6> {
  const named = await fromVariable(job);
  if (named !== null) return named;
  const tried: string[] = [];
  const found = (await fromPath(job, tried)) ?? (await fromCache(job, tried));
  if (found !== null) return found;

  const mayGet = job.get ?? true;
  const release = job.release === undefined ? OFFICIAL : job.release;
  const ways: [K6['origin'], (folder: string) => Promise<string>][] = [
    ['go build', (folder) => buildWithGo({ ...job, folder })],
  ];
  if (release !== null) {
    ways.unshift(['release', (folder) => downloadRelease({ ...job, folder, source: release })]);
  }
  for (const [origin, get] of mayGet ? ways : []) {
    const folder = job.supervisor.ownFolder('bench-k6-get');
    try {
      return await install(job, origin, await get(folder));
    } catch (error) {
      job.signal.throwIfAborted();
      tried.push(`${origin}: ${messageOf(error)}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new ToolError(
    [
      `k6 v${K6_VERSION} or newer is needed, and there was no way to it:`,
      ...tried.map((line) => `  ${line}`),
      'Put k6 on PATH or name it in BENCH_K6 (https://grafana.com/docs/k6/latest/set-up/install-k6/),',
      'or install Go 1.25 or newer and have GOPROXY name a module proxy that can be reached.',
    ].join('\n'),
  );
}

const OFFICIAL: ReleaseSource = { url: RELEASES, sha256: RELEASE_SHA256 };

async function fromVariable(job: FindK6Job): Promise<K6 | null> {
  const named = job.env.BENCH_K6;
  if (named === undefined || named === '') return null;
  const path = resolve(job.env.PWD ?? '/', named);
  if (!isExecutableFile(path)) throw new UsageError(`BENCH_K6: ${path} is not an executable file`);
  const answer = await askVersion(path, job.supervisor, job.signal);
  if (answer.problem !== null) {
    throw new UsageError(`BENCH_K6: ${answer.problem}. Name another one or unset it`);
  }
  return { path, version: answer.version, origin: 'BENCH_K6' };
}

async function fromPath(job: FindK6Job, tried: string[]): Promise<K6 | null> {
  const paths = executablesOnPath('k6', job.env);
  if (paths.length === 0) tried.push('PATH: there is no k6');
  for (const path of paths) {
    const answer = await askVersion(path, job.supervisor, job.signal);
    if (answer.problem === null) return { path, version: answer.version, origin: 'PATH' };
    tried.push(`PATH: ${answer.problem}`);
    job.progress(`passed over: ${answer.problem}`);
  }
  return null;
}

async function fromCache(job: FindK6Job, tried: string[]): Promise<K6 | null> {
  const path = cachedK6(job.cacheFolder);
  if (!isExecutableFile(path)) {
    tried.push(`cache: there is no ${path}`);
    return null;
  }
  const answer = await askVersion(path, job.supervisor, job.signal);
  if (answer.problem === null) return { path, version: answer.version, origin: 'cache' };
  tried.push(`cache: ${answer.problem}`);
  return null;
}

/** Puts an executable into the cache in one step, so that the cache never holds a part of one. */
async function install(job: FindK6Job, origin: K6['origin'], executable: string): Promise<K6> {
  chmodSync(executable, 0o755);
  const answer = await askVersion(executable, job.supervisor, job.signal);
  if (answer.problem !== null) throw new Error(answer.problem);
  const path = cachedK6(job.cacheFolder);
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(executable, partial);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new Error(`cannot keep it in ${dirname(path)}: ${messageOf(error)}`);
  }
  return { path, version: answer.version, origin };
}
