import { nowUs } from '../../base/clock.ts';
import type { InitOutcome, ProcessEnd } from './outcomes.ts';
import type { RuntimeError } from './runtime-reports.ts';

/** The initialisation of one environment: it ends once, whatever is heard of it later. */
export class Initialisation {
  readonly outcome: Promise<InitOutcome>;
  readonly #resolve: (outcome: InitOutcome) => void;
  #startedUs = nowUs();

  constructor() {
    const { promise, resolve } = Promise.withResolvers<InitOutcome>();
    this.outcome = promise;
    this.#resolve = resolve;
  }

  /** Its process is about to start: what came before was this host's doing. */
  begin(): void {
    this.#startedUs = nowUs();
  }

  ready(loadUs: number | null): void {
    this.#resolve({ kind: 'ready', startedUs: this.#startedUs, endedUs: nowUs(), loadUs });
  }

  failed(
    status: 'error' | 'timeout',
    { errorType, payload }: RuntimeError,
    exit: ProcessEnd | null = null,
  ): void {
    const span = { startedUs: this.#startedUs, endedUs: nowUs() };
    this.#resolve({ kind: 'failed', ...span, status, errorType, payload, exit });
  }

  notStarted(message: string): void {
    this.#resolve({ kind: 'not_started', message });
  }
}
