import { messageOf } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';

export interface ProgramOutcome {
  /** Exit code or the signal's name; 127 where there is no such program. */
  exit: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, with the C locale so that its messages are known. Never rejects. */
export async function runProgram(
  supervisor: Supervisor,
  command: string,
  args: readonly string[],
  options: { uid?: number | undefined; cwd?: string } = {},
): Promise<ProgramOutcome> {
  const { uid, cwd = '/' } = options;
  try {
    const { child, ended } = supervisor.spawn(command, args, {
      cwd,
      env: programEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
    });
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += String(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const exit = await ended;
    await closed;
    return { exit, stdout, stderr };
  } catch (error) {
    return { exit: 127, stdout: '', stderr: messageOf(error) };
  }
}

/** Nothing of the user's: PGDATA, PGPORT and their like would change what PostgreSQL does. */
export function programEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
