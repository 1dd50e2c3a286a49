import { once } from 'node:events';
import { ToolError, UsageError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';

/** What a git command said. */
export interface GitAnswer {
  status: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

/** Runs git in a folder. It ends with the supervisor and by the signal, whose reason is then thrown. */
export type Git = (folder: string, ...args: string[]) => Promise<GitAnswer>;

/**
 * Variables that tell git of another repository than that of the folder: a gate that a hook starts
 * (pre-push) has them of the user's. Of `git rev-parse --local-env-vars`, without those of settings.
 */
const OF_ANOTHER_REPOSITORY = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_DEFAULT_HASH',
  'GIT_DEFAULT_REF_FORMAT',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_TEMPLATE_DIR',
  'GIT_WORK_TREE',
]);

/** What runs or writes something by itself: hooks, the watcher of files, clearing up. */
const QUIET = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

/** The environment with which git finds the repository of the folder it runs in, and asks nobody. */
export function environmentOfGit(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !OF_ANOTHER_REPOSITORY.has(entry[0]),
  );
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0' };
}

export function createGit(job: {
  supervisor: Supervisor;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}): Git {
  const env = {
    ...environmentOfGit(job.env),
    // `git status` would write the index of the user.
    GIT_OPTIONAL_LOCKS: '0',
    // Messages are looked at.
    LC_ALL: 'C',
  };
  return async (folder, ...args) => {
    job.signal.throwIfAborted();
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const git = job.supervisor.spawn('git', [...QUIET, ...args], {
      cwd: folder,
      env,
      stdio: [...stdio],
    });
    const read = once(git.child, 'close');
    const [stdout, stderr] = [git.child.stdout, git.child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
      return () => Buffer.concat(chunks).toString();
    });
    const stop = () => git.signal('SIGKILL');
    job.signal.addEventListener('abort', stop);
    try {
      const status = await git.ended;
      job.signal.throwIfAborted();
      await read;
      if (status === 127) throw new UsageError('--against needs git, which is not on PATH');
      return { status, stdout: stdout?.() ?? '', stderr: stderr?.() ?? '' };
    } finally {
      job.signal.removeEventListener('abort', stop);
    }
  };
}

/** The output of a command that has to succeed. Throws ToolError with what git said. */
export async function said(answer: Promise<GitAnswer>, doing: string): Promise<string> {
  const { status, stdout, stderr } = await answer;
  if (status === 0) return stdout;
  throw new ToolError(`git cannot ${doing}: ${stderr.trim() || `it ended with ${status}`}`);
}

/** Of output that was asked for with `-z`. */
export function items(output: string): string[] {
  return output.split('\0').filter((item) => item !== '');
}
