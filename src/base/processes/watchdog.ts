import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** The second line of defence: see supervisor.ts. */
export interface Watchdog {
  /** The end of the pipe children inherit to announce themselves. */
  readonly pipe: Writable;
  /** Queues one line: `ended PID`, `folder PATH`, `cgroup PATH`, `released PATH`. */
  tell(line: string): void;
  /** Closes the pipe and waits until it has cleaned up. */
  close(): Promise<void>;
}

/**
 * A shell that reads lines until the pipe closes, then kills the groups it has heard of, empties and
 * removes the cgroups (children first) and removes the folders. A shell, because it costs 1 MB and
 * needs nothing that could be missing.
 */
const SCRIPT = `
trap '' INT TERM HUP
groups=' ' cgroups='' folders=''
nl='
'
while read -r verb rest; do
  case $verb in
    group) groups="$groups$rest ";;
    ended) case $groups in *" $rest "*) groups="\${groups%% $rest *} \${groups#* $rest }";; esac;;
    cgroup) cgroups="$rest$nl$cgroups";;
    released) cgroups=$(printf %s "$cgroups" | grep -Fxv -- "$rest")$nl;;
    folder) folders="$rest$nl$folders";;
  esac
done
for group in $groups; do kill -KILL -$group; done
IFS=$nl
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  left=
  for folder in $cgroups; do
    [ -d "$folder" ] || continue
    while read -r pid; do kill -KILL $pid; done < "$folder/cgroup.procs"
    rmdir "$folder" || left=yes
  done
  [ -z "$left" ] && break
  sleep 0.05
done
for folder in $folders; do rm -rf -- "$folder"; done
`;

export function startWatchdog(): Watchdog {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const { stdin } = child;
  if (stdin === null) throw new Error('the watchdog has no pipe');
  // It ends with us, not before: an early end only takes the second line of defence away.
  stdin.on('error', () => {});
  child.on('error', () => {});
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.unref();
  (stdin as unknown as { unref?: () => void }).unref?.();
  return {
    pipe: stdin,
    tell: (line) => {
      stdin.write(`${line}\n`);
    },
    close: async () => {
      child.ref();
      stdin.end();
      await gone;
    },
  };
}
