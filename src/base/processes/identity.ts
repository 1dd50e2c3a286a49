import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { errnoOf } from '../errors.ts';

/** A process, told from every other one, also from a later one of the same number. */
export const processIdentitySchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** One boot of one kernel, with the process numbers of one container; null where it is not told. */
  space: z.string().nullable(),
  /** Clock ticks between the kernel's start and the process's; null where it is not told. */
  startedTicks: z.int().nullable(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    space: spaceHere(),
    startedTicks: startedTicks(process.pid),
  };
}

/**
 * Whether a process is still there. `unknown`: it is of another machine or container, where nobody here
 * can look. After a reboot all of this machine's are gone.
 */
export function stateOf(identity: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  const { pid, host, space, startedTicks: started } = identity;
  if (host !== hostname()) return 'unknown';
  const here = spaceHere();
  if (space !== here) {
    if (space === null || here === null) return 'unknown';
    // The same name and another boot: it went with the machine. Else it is another container's.
    return bootOf(space) === bootOf(here) ? 'unknown' : 'gone';
  }
  if (!exists(pid)) return 'gone';
  const now = startedTicks(pid);
  return started === null || now === null || now === started ? 'running' : 'gone';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and another user's.
    return errnoOf(error) === 'EPERM';
  }
}

/** `<boot id> pid:[4026531836]` */
function spaceHere(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

function bootOf(space: string): string | undefined {
  return space.split(' ')[0];
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)); a zombie has ended. */
function startedTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? -1 : Number(fields[19]);
  } catch {
    return null;
  }
}
