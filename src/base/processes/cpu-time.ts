import { readFileSync } from 'node:fs';

/** USER_HZ: 100 on every Linux Node runs on; /proc counts CPU time in it. */
const TICKS_PER_S = 100;

/**
 * CPU time (user and system) of one process so far, in microseconds with a resolution of 10 ms; 0 once
 * it is gone. Source: proc_pid_stat(5), fields 14 and 15.
 */
export function processCpuUs(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // The name in parentheses may hold anything; the fields begin after its last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_S) * 1e6;
}
