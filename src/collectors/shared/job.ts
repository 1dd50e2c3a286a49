import type { Collector } from '../../model/ports.ts';
import type { Warning } from '../../model/warning.ts';

export type Job = Parameters<Collector['collect']>[0];

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
