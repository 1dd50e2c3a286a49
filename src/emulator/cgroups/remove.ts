import { existsSync, rmdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { readIds } from './files.ts';

const TRIES = 40;

/**
 * Removes the folders of a group, killing what is left in it: a process that made a session of its
 * own outlives the group of its parent. Not at once, as a killed process takes a moment to go; what
 * still cannot be removed is left to the supervisor's end.
 */
export async function removeGroup(
  supervisor: Supervisor,
  folders: readonly string[],
): Promise<void> {
  for (const folder of folders) {
    for (let attempt = 0; attempt < TRIES && !tryRemove(folder); attempt += 1) {
      for (const pid of readIds(folder, 'cgroup.procs')) tryKill(pid);
      await delay(25);
    }
    if (!existsSync(folder)) supervisor.releaseCgroup(folder);
  }
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}
