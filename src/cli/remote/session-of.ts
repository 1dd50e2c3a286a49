import type { TargetName } from '../../config/settings/remote.ts';
import type { SessionOptions } from '../session.ts';

/** What is still asked for where a second signal leaves at once; set by who deploys. */
export interface LastWill {
  ask(): Promise<void>;
}

/**
 * How a run ends on a signal: what stands in an account is removed before, and that takes minutes. A
 * second signal only asks for it and leaves.
 */
export function sessionOf(target: TargetName, will: LastWill): SessionOptions {
  if (target !== 'aws') return {};
  return {
    graceMs: null,
    onSignal: () =>
      process.stderr.write(
        'ending; what was deployed is removed first (a second Ctrl-C asks for that and leaves at once: "bench ls --target aws" shows what stands)\n',
      ),
    onForce: () => will.ask(),
  };
}

export function noWill(): LastWill {
  return { ask: async () => {} };
}
