import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { extname, join } from 'node:path';

/** A way into a cgroup of our own that gives CPU and memory to its children. */
export type Scope = {
  /** As a user would type it. */
  readonly shown: string;
} & (
  | {
      readonly kind: 'become';
      /** What to become so that the program runs within. */
      wrap(program: readonly string[]): string[];
    }
  | {
      readonly kind: 'adopt';
      /** What to run so that a process comes to be within; null: to see if one could. */
      adopt(pid: number | null): string[];
    }
);

/** Who we are, and where the commands are: replaced in tests. */
export interface ScopeSurroundings {
  uid: number;
  gid: number;
  /** Where cgroup v2 is mounted. */
  cgroupRoot: string;
  env: NodeJS.ProcessEnv;
}

/** What a scope takes to start, with a service manager that is slow. */
const LIMIT_MS = 5000;

export function surroundings(): ScopeSurroundings {
  return {
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
    cgroupRoot: '/sys/fs/cgroup',
    env: process.env,
  };
}

/**
 * The first way that works here, null where none does: a scope of the user's own service manager, then
 * one of the system's, as root or by a sudo that asks for no password. Each is tried with `probe`, which
 * says `quotas` where it has them; nothing is ever asked.
 */
export function findScope(at: ScopeSurroundings, probe = probeProgram()): Scope | null {
  const systemdRun = pathOf('systemd-run', at.env);
  if (systemdRun === null) return null;
  const works = (scope: Scope) =>
    saysQuotas(scope.kind === 'become' ? scope.wrap(probe) : scope.adopt(null), at.env);
  return waysOf(at, systemdRun).find(works) ?? null;
}

/** The absolute path of a command. */
export function pathOf(name: string, env: NodeJS.ProcessEnv): string | null {
  for (const folder of (env.PATH ?? '').split(':')) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (path.startsWith('/')) return path;
    } catch {
      // The next folder may have it.
    }
  }
  return null;
}

/** Runs a command, which is given nothing to read and little time, and must print `quotas`. */
export function saysQuotas(command: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const [program = '', ...args] = command;
  const { status, stdout } = spawnSync(program, args, {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  return status === 0 && stdout.trim() === 'quotas';
}

function waysOf(at: ScopeSurroundings, systemdRun: string): Scope[] {
  const scope = ['--scope', '--quiet', '-p', 'Delegate=yes', '--'];
  if (at.uid === 0) {
    const wrap = (program: readonly string[]) => [systemdRun, ...scope, ...program];
    return [{ kind: 'become', shown: 'systemd-run --scope -p Delegate=yes', wrap }];
  }
  const ways: Scope[] = [
    {
      kind: 'become',
      shown: 'systemd-run --user --scope -p Delegate=yes',
      wrap: (program) => [systemdRun, '--user', ...scope, ...program],
    },
  ];
  const sudo = pathOf('sudo', at.env);
  if (sudo !== null) {
    ways.push({
      kind: 'adopt',
      shown: 'sudo -n systemd-run --scope -p Delegate=yes',
      adopt: (pid) => {
        const place = [String(pid ?? ''), at.cgroupRoot, String(at.uid), String(at.gid)];
        return [sudo, '-n', systemdRun, ...scope, '/bin/sh', '-c', ADOPT, 'sh', ...place];
      },
    });
  }
  return ways;
}

/**
 * As root in a new scope, which belongs to root: hands it to the user and moves the user's process into
 * it, which is not root's and nobody's child but its parent's, as before. The scope lasts as long as it
 * has processes.
 * `$1` the process, or nothing, `$2` where cgroups are, `$3` and `$4` user and group.
 */
const ADOPT = `
set -e
path=$(sed -n 's/^0:://p' /proc/self/cgroup)
[ -n "$path" ] && [ "$path" != / ]
group=$2$path
read -r controllers < "$group/cgroup.controllers"
case " $controllers " in *' cpu '*) ;; *) exit 1 ;; esac
case " $controllers " in *' memory '*) ;; *) exit 1 ;; esac
if [ -n "$1" ]; then
  chown "$3:$4" "$group"
  for file in cgroup.procs cgroup.subtree_control cgroup.threads; do
    if [ -e "$group/$file" ]; then chown "$3:$4" "$group/$file"; fi
  done
  echo "$1" > "$group/cgroup.procs"
fi
echo quotas
`;

function probeProgram(): string[] {
  return [process.execPath, ownFile('probe')];
}

/** Beside this one: TypeScript in the clone, JavaScript in the package. */
function ownFile(name: string): string {
  return join(import.meta.dirname, name + extname(import.meta.filename));
}
