import { existsSync } from 'node:fs';
import { type CgroupView, PREPARED } from './types.ts';

/**
 * The command that gives us a subtree, for `bench doctor`. v2: a scope of the user's own service
 * manager where the controller cpu is delegated to it, else a scope made with sudo. v1 has no
 * delegation: folders are made and handed over once per boot. Without sudo it is root who runs it.
 */
export function mendingCommand(
  view: Pick<CgroupView, 'uid' | 'hasCommand'>,
  version: 1 | 2 | null,
): string | null {
  const sudo = view.hasCommand('sudo') ? 'sudo ' : '';
  if (version === 2 && view.hasCommand('systemd-run')) {
    const userManager = `/sys/fs/cgroup/user.slice/user-${view.uid}.slice/user@${view.uid}.service`;
    if (view.uid !== 0 && existsSync(`${userManager}/cpu.max`)) {
      return 'systemd-run --user --scope -p Delegate=yes -- bench run …';
    }
    return view.uid === 0
      ? 'systemd-run --scope -p Delegate=yes -- bench run …'
      : `${sudo}systemd-run --scope -p Delegate=yes --uid=${view.uid} -- bench run …`;
  }
  if (version === 1 && view.uid !== 0) {
    const folders = ['cpu', 'cpuacct', 'memory']
      .map((controller) => `/sys/fs/cgroup/${controller}/${PREPARED}`)
      .join(' ');
    return `${sudo}sh -c 'mkdir -p ${folders} && chown -R ${view.uid} ${folders}'`;
  }
  return null;
}
