import { type CgroupView, PREPARED } from './types.ts';

/** Gives each user's service manager the controllers, from the next login on. */
const DELEGATE_ALWAYS =
  "mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' > /etc/systemd/system/user@.service.d/delegate.conf && systemctl daemon-reload";

/**
 * The command that gives us a subtree, for `bench doctor`. v2: bench makes a scope of its own where it
 * may, so what lacks is a password given to sudo a moment ago, or controllers for the user's service
 * manager, which root gives. v1 has no delegation: folders are made and handed over once per boot.
 * Without sudo it is root who runs it.
 */
export function mendingCommand(
  view: Pick<CgroupView, 'uid' | 'hasCommand'>,
  version: 1 | 2 | null,
): string | null {
  const hasSudo = view.hasCommand('sudo');
  if (version === 2 && view.hasCommand('systemd-run')) {
    if (view.uid === 0) return 'systemd-run --scope -p Delegate=yes -- bench run …';
    return hasSudo
      ? 'sudo -v  # then bench gets itself a scope by sudo -n systemd-run --scope -p Delegate=yes'
      : `${DELEGATE_ALWAYS}  # as root; then log in again`;
  }
  if (version === 1 && view.uid !== 0) {
    const folders = ['cpu', 'cpuacct', 'memory']
      .map((controller) => `/sys/fs/cgroup/${controller}/${PREPARED}`)
      .join(' ');
    const sudo = hasSudo ? 'sudo ' : '';
    return `${sudo}sh -c 'mkdir -p ${folders} && chown -R ${view.uid} ${folders}'`;
  }
  return null;
}
