import { callFailure, callFailureText } from '../../aws/call-failure.ts';
import type { Collector } from '../../model/ports.ts';
import type { Collection } from '../../model/trial.ts';
import type { Warning } from '../../model/warning.ts';

export type Job = Parameters<Collector['collect']>[0];
export type Collected = Awaited<ReturnType<Collector['collect']>>;

/** A message said at most once, with how often it happened: one bad page must not fill the report. */
export class WarningCounts {
  readonly #counts = new Map<string, { warning: Warning; times: number }>();

  add(code: string, severity: Warning['severity'], message: string): void {
    const counted = this.#counts.get(code);
    if (counted === undefined) {
      this.#counts.set(code, { warning: { code, severity, message }, times: 1 });
    } else counted.times += 1;
  }

  list(): Warning[] {
    return [...this.#counts.values()].map(({ warning, times }) =>
      times === 1 ? warning : { ...warning, message: `${warning.message} (${times} times)` },
    );
  }
}

/** What a collector gives where it asked nothing. */
export function notAsked(
  collector: Collection['collector'],
  expected: number,
  message: string,
): Collected {
  return {
    collection: { collector, expected, found: 0, ended: 'unavailable', tookMs: 0, message },
    warnings: [{ code: notAskedCode(collector), severity: 'note', message }],
  };
}

/** Code of the warning where nothing was asked, because nothing is known that could be. */
export function notAskedCode(collector: Collection['collector']): string {
  return `${collector}-unavailable`;
}

/** Why no later call can succeed either: credentials that ended, rights that lack; null where one may. */
export function hopelessCall(error: unknown, service: string, rights: string): string | null {
  const reason = callFailureText(error);
  switch (callFailure(error)) {
    case 'expired':
      return `the credentials expired (${reason}): renew them`;
    case 'denied':
      return `${service} refused the call (${reason}): ${rights} must be allowed, see "bench policy run"`;
    default:
      return null;
  }
}
