import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { readField, readIds, readNumber, tryWriteControl, writeControl } from './files.ts';
import { removeGroup } from './remove.ts';
import { type CgroupSupport, type ControlGroup, type ControlGroups, PERIOD_US } from './types.ts';

type Parents = Extract<CgroupSupport, { version: 1; quotas: true }>['parents'];

/**
 * cgroup v1: a group in each of three hierarchies (two may be mounted together). A group's weight is
 * spread over the cores, so ours gets as much on each core as an ordinary process has: else
 * environments would have to give way to the load generator.
 */
export function v1Groups(supervisor: Supervisor, parents: Parents, name: string): ControlGroups {
  const own: Parents = {
    cpu: join(parents.cpu, name),
    cpuacct: join(parents.cpuacct, name),
    memory: join(parents.memory, name),
  };
  for (const folder of unique(own)) makeOwned(supervisor, folder);
  tryWriteControl(own.cpu, 'cpu.shares', 1024 * availableParallelism());
  return { create: (child) => v1Group(supervisor, own, child) };
}

function v1Group(supervisor: Supervisor, parents: Parents, name: string): ControlGroup {
  const cpu = join(parents.cpu, name);
  const cpuacct = join(parents.cpuacct, name);
  const memory = join(parents.memory, name);
  const folders = unique({ cpu, cpuacct, memory });
  for (const folder of folders) makeOwned(supervisor, folder);
  writeControl(cpu, 'cpu.cfs_period_us', PERIOD_US);
  return {
    folders,
    setCpus: (vcpus) => {
      tryWriteControl(cpu, 'cpu.cfs_quota_us', Math.max(1000, Math.round(vcpus * PERIOD_US)));
    },
    setMemoryLimit: (bytes) => {
      writeControl(memory, 'memory.limit_in_bytes', bytes);
      // Swap would turn "out of memory" into "slow"; absent where the kernel does not account swap.
      tryWriteControl(memory, 'memory.memsw.limit_in_bytes', bytes);
    },
    cpuTimes: () => ({
      cpuUs: readNumber(cpuacct, 'cpuacct.usage') / 1000,
      throttledUs: readField(cpu, 'cpu.stat', 'throttled_time') / 1000,
    }),
    memoryPeakBytes: () => readNumber(memory, 'memory.max_usage_in_bytes'),
    outOfMemoryKills: () => readField(memory, 'memory.oom_control', 'oom_kill'),
    threads: () => readIds(cpu, 'tasks'),
    remove: () => {
      void removeGroup(supervisor, folders);
    },
  };
}

function unique(folders: Parents): string[] {
  return [...new Set([folders.cpu, folders.cpuacct, folders.memory])];
}

function makeOwned(supervisor: Supervisor, folder: string): void {
  supervisor.ownCgroup(folder);
  mkdirSync(folder);
}
