import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, ToolError, UsageError } from '../errors.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/**
 * Owns every process, temporary folder and cgroup of one `bench` process, so that none outlives it:
 * 1. children start under `setpriv --pdeathsig KILL` where there is one (works on stopped ones too);
 * 2. a watchdog process on a pipe hears of each group, folder and cgroup before it is used, and
 *    removes them all when the pipe closes, however this process ended.
 * Call it from the main thread: pdeathsig follows the thread that spawned.
 */
export interface Supervisor {
  /** Starts a process in a session (and group) of its own. See SpawnOptions. */
  spawn(command: string, args: readonly string[], options: SpawnOptions): SupervisedProcess;
  /**
   * A temporary folder, removed at the end. Mode 0711: others may pass through, not list.
   * @throws UsageError where TMPDIR does not take it
   */
  ownFolder(prefix: string): string;
  /** Registers a cgroup folder to be killed and removed at the end; it may not exist yet. */
  ownCgroup(folder: string): void;
  /** Removes an owned cgroup folder now; its processes must have ended. */
  releaseCgroup(folder: string): void;
  /** Ends everything. Safe to call twice. */
  close(): Promise<void>;
}

export interface SpawnOptions {
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  stdio: ('ignore' | 'pipe' | 'inherit' | number)[];
  /** Run as this user (only where we are root). Groups are cleared, no new privileges. */
  uid?: number;
  /** cgroup folders to join before exec. */
  cgroups?: readonly string[];
}

export interface SupervisedProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Exit code, or the signal's name; resolves once, never rejects. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** To the whole group; does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void;
}

/**
 * Joins the cgroups, tells the watchdog, and becomes the program, in that order. `$1` cgroup folders
 * separated by `:`; the rest is the command. Descriptor 3 is the watchdog's pipe.
 */
const ENTER = `
IFS=:
for group in $1; do echo $$ > "$group/cgroup.procs" || exit 125; done
unset IFS
shift
echo "group $$" >&3
exec 3>&-
exec "$@"
`;

let setpriv: string | null | undefined;

/** Where setpriv is, absolutely, because a child has a PATH of its own; null where there is none. */
function setprivPath(): string | null {
  setpriv ??=
    (process.env.PATH ?? '/usr/bin:/bin')
      .split(':')
      .map((folder) => join(folder, 'setpriv'))
      .find((path) => spawnSync(path, ['--pdeathsig', 'KILL', 'true']).status === 0) ?? null;
  return setpriv;
}

class ProcessSupervisor implements Supervisor {
  readonly #watchdog: Watchdog;
  readonly #running = new Set<SupervisedProcess>();
  readonly #folders = new Set<string>();
  readonly #cgroups = new Set<string>();
  #closed = false;

  constructor() {
    this.#watchdog = startWatchdog();
  }

  spawn(command: string, args: readonly string[], options: SpawnOptions): SupervisedProcess {
    if (this.#closed) throw new ToolError(`cannot start ${command}: shutting down`);
    if (this.#watchdog.pipe.destroyed) {
      throw new ToolError(
        `cannot start ${command}: the watchdog, which ends processes that outlive this one, was ended from outside; start again`,
      );
    }
    const program = [...privileges(options.uid), command, ...args];
    const stdio = [0, 1, 2].map((index) => options.stdio[index] ?? 'ignore');
    const child = spawn(
      '/bin/sh',
      ['-c', ENTER, 'sh', (options.cgroups ?? []).join(':'), ...program],
      {
        cwd: options.cwd,
        env: options.env,
        detached: true,
        stdio: [...stdio, this.#watchdog.pipe, ...options.stdio.slice(4)],
      },
    );
    const { pid } = child;
    const ended = new Promise<number | NodeJS.Signals>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? code ?? 1));
      child.once('error', () => resolve(127));
    });
    if (pid === undefined) throw new ToolError(`cannot start ${command}: no process was made`);
    let live = true;
    const supervised: SupervisedProcess = {
      pid,
      child,
      ended,
      signal: (signal) => {
        if (live) signalGroup(pid, signal);
      },
    };
    this.#running.add(supervised);
    void ended.then(() => {
      // The leader is gone; whatever it left in its group goes too.
      signalGroup(pid, 'SIGKILL');
      live = false;
      this.#running.delete(supervised);
      this.#watchdog.tell(`ended ${pid}`);
    });
    return supervised;
  }

  ownFolder(prefix: string): string {
    let folder: string;
    try {
      folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
      chmodSync(folder, 0o711);
    } catch (error) {
      throw new UsageError(
        `cannot make a temporary folder in ${tmpdir()}: ${messageOf(error)}; set TMPDIR to a folder that may be written, with space left`,
      );
    }
    this.#watchdog.tell(`folder ${folder}`);
    this.#folders.add(folder);
    return folder;
  }

  ownCgroup(folder: string): void {
    this.#watchdog.tell(`cgroup ${folder}`);
    this.#cgroups.add(folder);
  }

  releaseCgroup(folder: string): void {
    if (!this.#cgroups.delete(folder)) return;
    removeCgroup(folder);
    this.#watchdog.tell(`released ${folder}`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const running = [...this.#running];
    for (const child of running) child.signal('SIGKILL');
    await Promise.all(running.map((child) => child.ended));
    for (const folder of [...this.#cgroups].reverse()) removeCgroup(folder);
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
    await this.#watchdog.close();
  }
}

function privileges(uid: number | undefined): string[] {
  const path = setprivPath();
  if (path === null) return [];
  const user =
    uid === undefined
      ? []
      : [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all'];
  return [path, ...user, '--pdeathsig', 'KILL', '--'];
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

function removeCgroup(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not made yet, or a process of it is still ending: the watchdog tries again.
  }
}

export function createSupervisor(): Supervisor {
  return new ProcessSupervisor();
}
