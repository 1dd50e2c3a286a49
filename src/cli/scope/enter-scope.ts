import { type CgroupSupport, detectCgroups } from '../../emulator/cgroups/index.ts';
import { findScope, type ScopeSurroundings, saysQuotas, surroundings } from './scopes.ts';

/**
 * `BENCH_SCOPE=off` keeps bench where it was started; `inner` is what one that was started again finds.
 */
const VARIABLE = 'BENCH_SCOPE';

/** Whether this process may start itself again within a scope. */
export function mayEnterScope(support: CgroupSupport, env: NodeJS.ProcessEnv): boolean {
  const { [VARIABLE]: asked = '' } = env;
  // With v1 a scope gives no right to the controllers. An inner one has what there is.
  return !support.quotas && support.version === 2 && asked === '' && process.execve !== undefined;
}

/**
 * For commands that give functions CPU in proportion to their memory: where this process may not, and
 * a scope can be had without a password, goes on within one. It stays the same process, so that
 * signals, exit code and terminal are as without a scope. A service manager of the user's own can only
 * start a program within, so it becomes the same command again, and this does not return.
 * @param again the program to become
 */
export function enterScope(
  support: CgroupSupport = detectCgroups(),
  at: ScopeSurroundings = surroundings(),
  again: readonly string[] = sameCommand(),
  probe?: readonly string[],
): void {
  if (!mayEnterScope(support, at.env)) return;
  const scope = findScope(at, probe === undefined ? undefined : [...probe]);
  if (scope === null) return;
  if (scope.kind === 'adopt') {
    // Where it fails after all, cpuMode says so.
    saysQuotas(scope.adopt(process.pid), at.env);
    return;
  }
  const command = scope.wrap(again);
  const [program = ''] = command;
  const { emitWarning } = process;
  // It would say that execve is new.
  process.emitWarning = () => {};
  try {
    process.execve?.(program, command, { ...at.env, [VARIABLE]: 'inner' });
  } finally {
    process.emitWarning = emitWarning;
  }
}

function sameCommand(): string[] {
  const options = process.execArgv.filter((option) => option !== '--');
  return [process.execPath, ...options, '--', ...process.argv.slice(1)];
}
