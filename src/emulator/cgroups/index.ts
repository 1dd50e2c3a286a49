import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { CgroupSupport, ControlGroups } from './types.ts';
import { v1Groups } from './v1.ts';
import { v2Groups } from './v2.ts';

export { detectCgroups } from './detect.ts';
export type { CgroupSupport, CgroupView, ControlGroup, ControlGroups } from './types.ts';

/** Null where there are no quotas: environments then run without, and `cpuMode` says so. */
export function openGroups(
  supervisor: Supervisor,
  support: CgroupSupport,
  name: string,
): ControlGroups | null {
  if (!support.quotas) return null;
  return support.version === 1
    ? v1Groups(supervisor, support.parents, name)
    : v2Groups(supervisor, support, name);
}
