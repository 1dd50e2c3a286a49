import { UsageError } from '../../base/errors.ts';
import type { OwnHandlers } from '../../model/own-handler.ts';
import type { Chosen } from './choose.ts';
import type { TargetName } from './remote.ts';

/** Whether handlers are profiled. What V8's profiler cannot be put into is refused. */
export function cpuProfiles(
  chosen: Chosen,
  target: TargetName,
  own: Pick<OwnHandlers, 'runtime'> | null,
): boolean {
  if (chosen.raw('profile') !== true) return false;
  const named = chosen.named('profile');
  if (target !== 'local') {
    throw new UsageError(
      `${named}: environments of ${chosen.named('target')} ${target} cannot be profiled\n  profile the same code here, with --target local (init is the same work), or leave it out`,
    );
  }
  if (own !== null && !own.runtime.startsWith('nodejs')) {
    throw new UsageError(
      `${named}: V8's profiler is in Node alone, and ${chosen.named('runtime')} is ${own.runtime}\n  use its language's own profiler, or leave it out`,
    );
  }
  return true;
}
