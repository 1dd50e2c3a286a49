import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { readControl, readIds } from './files.ts';
import { mendingCommand } from './mend.ts';
import { type CgroupSupport, type CgroupView, PERIOD_US, PREPARED } from './types.ts';

interface Mount {
  /** What part of the hierarchy is mounted: `/` except in containers. */
  root: string;
  folder: string;
  controllers: string[];
  version: 1 | 2;
}

/** Finds a subtree we may write, v1 first: a controller bound to v1 is absent from v2. */
export function detectCgroups(view: CgroupView = machineView()): CgroupSupport {
  const mounts = readMounts(view);
  const v1 = detectV1(view, mounts);
  if (v1.quotas) return v1;
  const v2 = detectV2(view, mounts);
  if (v2.quotas) return v2;
  // Say what hinders the version whose controllers are there.
  return v1.version === 1 ? v1 : v2;
}

function detectV1(view: CgroupView, mounts: Mount[]): CgroupSupport & { version: 1 | null } {
  const found = ['cpu', 'cpuacct', 'memory'].map((controller) => {
    const mount = mounts.find((m) => m.version === 1 && m.controllers.includes(controller));
    return mount === undefined ? null : { mount, own: ownFolder(view, mount, controller) };
  });
  const [cpu, cpuacct, memory] = found;
  if (!cpu || !cpuacct || !memory) {
    return missing(view, null, 'the cgroup controllers cpu and memory are not mounted');
  }
  const usable = (place: { mount: Mount; own: string }) =>
    [place.own, join(place.mount.folder, PREPARED)].find(mayMakeGroups);
  const parents = { cpu: usable(cpu), cpuacct: usable(cpuacct), memory: usable(memory) };
  if (!parents.cpu || !parents.cpuacct || !parents.memory) {
    return missing(view, 1, 'no cgroup v1 folder of cpu, cpuacct and memory is writable');
  }
  const probe = join(parents.cpu, `bench-probe-${view.pid}`);
  const works = tryQuota(probe, (folder) => {
    writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
    writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(PERIOD_US / 2));
    return readControl(folder, 'cpu.cfs_quota_us').trim() === String(PERIOD_US / 2);
  });
  if (!works) return missing(view, 1, 'the kernel does not accept a CPU quota (cpu.cfs_quota_us)');
  return {
    version: 1,
    quotas: true,
    parents: { cpu: parents.cpu, cpuacct: parents.cpuacct, memory: parents.memory },
  };
}

function detectV2(view: CgroupView, mounts: Mount[]): CgroupSupport & { version: 2 | null } {
  const mount = mounts.find((m) => m.version === 2);
  if (mount === undefined) return missing(view, null, 'cgroup v2 is not mounted');
  const own = ownFolder(view, mount, '');
  if (!hasBoth(readControl(own, 'cgroup.controllers'))) {
    return missing(view, 2, 'the cgroup v2 group of this process has no controller cpu or memory');
  }
  // The nearest group above (or ours) that already gives both controllers to its children.
  for (let folder = own; folder.startsWith(mount.folder); folder = dirname(folder)) {
    if (hasBoth(readControl(folder, 'cgroup.subtree_control')) && mayMakeGroups(folder)) {
      return { version: 2, quotas: true, parent: folder, moveSelfTo: null };
    }
    if (folder === '/') break;
  }
  if (own !== mount.folder && mayMakeGroups(own)) {
    // A group with processes gives no controllers to its children: we move, others are not ours to move.
    if (readIds(own, 'cgroup.procs').every((id) => id === view.pid)) {
      return { version: 2, quotas: true, parent: own, moveSelfTo: join(own, 'bench-main') };
    }
    return missing(view, 2, 'the cgroup v2 group of this process has other processes, too');
  }
  return missing(view, 2, 'no cgroup v2 folder with cpu and memory is writable');
}

function missing<V extends 1 | 2 | null>(view: CgroupView, version: V, reason: string) {
  return { version, quotas: false as const, reason, mend: mendingCommand(view, version) };
}

function hasBoth(controllers: string): boolean {
  const names = controllers.trim().split(/\s+/);
  return names.includes('cpu') && names.includes('memory');
}

/** Both the folder and its list of processes must be ours to write: joining needs the latter. */
function mayMakeGroups(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    accessSync(join(folder, 'cgroup.procs'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function tryQuota(folder: string, attempt: (folder: string) => boolean): boolean {
  try {
    mkdirSync(folder);
    return attempt(folder);
  } catch {
    return false;
  } finally {
    try {
      rmdirSync(folder);
    } catch {
      // Never made, or not a cgroup file system.
    }
  }
}

/** Lines of /proc/self/mountinfo: `id parent dev root folder options … - type source options`. */
function readMounts(view: CgroupView): Mount[] {
  const mounts: Mount[] = [];
  for (const line of readText(join(view.procSelf, 'mountinfo')).split('\n')) {
    const [left, right] = line.split(' - ');
    const [, , , root, folder] = left?.split(' ') ?? [];
    const [type, , options] = right?.split(' ') ?? [];
    if (root === undefined || folder === undefined) continue;
    if (type === 'cgroup2') mounts.push({ root, folder, controllers: [], version: 2 });
    if (type === 'cgroup') {
      mounts.push({ root, folder, controllers: options?.split(',') ?? [], version: 1 });
    }
  }
  return mounts;
}

/** Lines of /proc/self/cgroup: `id:controllers:path`; v2's has no controllers. */
function ownFolder(view: CgroupView, mount: Mount, controller: string): string {
  for (const line of readText(join(view.procSelf, 'cgroup')).split('\n')) {
    const [, controllers, ...rest] = line.split(':');
    if (controllers === undefined || !controllers.split(',').includes(controller)) continue;
    const path = rest.join(':');
    // In a container the path may be the host's while the mount shows a part of it only.
    const below = path.startsWith(mount.root) ? path.slice(mount.root.length) : '';
    const folder = join(mount.folder, below);
    return existsSync(folder) ? stripSlash(folder) : mount.folder;
  }
  return mount.folder;
}

function stripSlash(folder: string): string {
  return folder.length > 1 && folder.endsWith('/') ? folder.slice(0, -1) : folder;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function machineView(): CgroupView {
  return {
    procSelf: '/proc/self',
    uid: process.getuid?.() ?? -1,
    pid: process.pid,
    hasCommand: (name) =>
      (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name))),
  };
}
