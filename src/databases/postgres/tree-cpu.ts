import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: 100 on every Linux Node runs on; /proc counts CPU time in it. */
const US_PER_TICK = 10_000;

interface Stat {
  parent: number;
  /** User and system time. */
  ticks: number;
  /** Of children that ended and were waited for, theirs included. */
  endedTicks: number;
}

/**
 * CPU time of a process and its children, ended ones included, in microseconds; 0 where there is no
 * /proc. Source: proc_pid_stat(5), fields 4 and 14 to 17.
 */
export function treeCpuUs(pid: number): number {
  // A child that ends between two readings is in neither or in both: read until none did.
  for (let tries = 0; ; tries += 1) {
    const before = statOf(pid);
    if (before === null) return 0;
    const living = childrenOf(pid).reduce((sum, child) => sum + child.ticks + child.endedTicks, 0);
    if (statOf(pid)?.endedTicks === before.endedTicks || tries === 3) {
      return (before.ticks + before.endedTicks + living) * US_PER_TICK;
    }
  }
}

function childrenOf(pid: number): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid) as Stat[];
}

function statOf(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name in parentheses may hold anything; the fields begin after its last parenthesis.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { parent: fields[1] ?? 0, ticks: user + system, endedTicks: endedUser + endedSystem };
}
