import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { readField, readIds, readNumber, tryWriteControl, writeControl } from './files.ts';
import { removeGroup } from './remove.ts';
import { type ControlGroup, type ControlGroups, PERIOD_US } from './types.ts';

/**
 * cgroup v2: one group with both controllers. Tried against a directory only: on the machine this
 * was written on the controllers are bound to v1.
 */
export function v2Groups(
  supervisor: Supervisor,
  place: { parent: string; moveSelfTo: string | null },
  name: string,
): ControlGroups {
  if (place.moveSelfTo !== null) {
    // A group with processes of its own may not give controllers to its children.
    mkdirSync(place.moveSelfTo, { recursive: true });
    for (const pid of readIds(place.parent, 'cgroup.procs')) {
      tryWriteControl(place.moveSelfTo, 'cgroup.procs', pid);
    }
    writeControl(place.parent, 'cgroup.subtree_control', '+cpu +memory');
  }
  const own = join(place.parent, name);
  supervisor.ownCgroup(own);
  mkdirSync(own);
  writeControl(own, 'cgroup.subtree_control', '+cpu +memory');
  // As much on each core as an ordinary process has; see v1.ts.
  tryWriteControl(own, 'cpu.weight', Math.min(10_000, 100 * availableParallelism()));
  return { create: (child) => v2Group(supervisor, join(own, child)) };
}

function v2Group(supervisor: Supervisor, folder: string): ControlGroup {
  supervisor.ownCgroup(folder);
  mkdirSync(folder);
  return {
    folders: [folder],
    setCpus: (vcpus) => {
      const quotaUs = Math.max(1000, Math.round(vcpus * PERIOD_US));
      tryWriteControl(folder, 'cpu.max', `${quotaUs} ${PERIOD_US}`);
    },
    setMemoryLimit: (bytes) => {
      writeControl(folder, 'memory.max', bytes);
      tryWriteControl(folder, 'memory.swap.max', 0);
      // All of the environment goes when one of it is killed, as when a sandbox goes.
      tryWriteControl(folder, 'memory.oom.group', 1);
    },
    cpuTimes: () => ({
      cpuUs: readField(folder, 'cpu.stat', 'usage_usec'),
      throttledUs: readField(folder, 'cpu.stat', 'throttled_usec'),
    }),
    memoryPeakBytes: () =>
      readNumber(folder, 'memory.peak') || readNumber(folder, 'memory.current'),
    outOfMemoryKills: () => readField(folder, 'memory.events', 'oom_kill'),
    threads: () => readIds(folder, 'cgroup.threads'),
    remove: () => {
      void removeGroup(supervisor, [folder]);
    },
  };
}
