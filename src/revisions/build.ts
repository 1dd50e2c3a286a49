import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { UsageError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import { environmentOfGit } from './git.ts';

/** Lines of a failed build that are shown, and the bytes they are looked for in. */
const SHOWN_LINES = 20;
const READ_BYTES = 64 * 1024;

/**
 * What a package manager says of the package whose script started bench. A build in the checkout must
 * not take it for its own: what installs git hooks finds the repository by INIT_CWD.
 */
const OF_ANOTHER_PACKAGE =
  /^(npm_package_|npm_lifecycle_|(npm_config_local_prefix|npm_command|INIT_CWD|PROJECT_CWD|OLDPWD|PNPM_SCRIPT_SRC_DIR)$)/;

/**
 * Runs the command that makes a checkout ready by a shell in `folder`, with the user's environment.
 * It ends by the signal, whose reason is then thrown. Throws UsageError with its last lines where it
 * fails.
 */
export async function runBuild(job: {
  command: string;
  folder: string;
  /** A folder for what it prints. */
  logFolder: string;
  /** For messages: `origin/main (3f2c1a9)`. */
  named: string;
  env: NodeJS.ProcessEnv;
  supervisor: Supervisor;
  signal: AbortSignal;
}): Promise<void> {
  const { command, folder, signal } = job;
  signal.throwIfAborted();
  const log = openSync(join(job.logFolder, 'build.log'), 'w+');
  try {
    const build = job.supervisor.spawn('sh', ['-c', command], {
      cwd: folder,
      env: { ...environmentOfBuild(job.env), PWD: folder },
      stdio: ['ignore', log, log],
    });
    const stop = () => build.signal('SIGKILL');
    signal.addEventListener('abort', stop);
    const status = await build.ended.finally(() => signal.removeEventListener('abort', stop));
    signal.throwIfAborted();
    if (status === 0) return;
    const end = typeof status === 'number' ? `exit status ${status}` : `ended by ${status}`;
    throw new UsageError(
      `gate.build or --build: the build of ${job.named} failed (${end}): ${command}\n${lastLines(log)}`,
    );
  } finally {
    closeSync(log);
  }
}

function environmentOfBuild(env: NodeJS.ProcessEnv): Record<string, string> {
  const all = Object.entries(environmentOfGit(env));
  return Object.fromEntries(all.filter(([name]) => !OF_ANOTHER_PACKAGE.test(name)));
}

/** Without colours, and of a line that was written over and over what stood there in the end. */
function lastLines(log: number): string {
  const { size } = fstatSync(log);
  const tail = Buffer.alloc(Math.min(size, READ_BYTES));
  const read = readSync(log, tail, 0, tail.length, size - tail.length);
  const text = stripVTControlCharacters(tail.subarray(0, read).toString()).trimEnd();
  if (text === '') return '  (it printed nothing)';
  const lines = text.split(/\r?\n/).slice(-SHOWN_LINES);
  return lines.map((line) => `  ${line.slice(line.lastIndexOf('\r') + 1)}`).join('\n');
}
