import { nowUs } from '../../base/clock.ts';
import type { InitOutcome } from './outcomes.ts';
import type { RuntimeError } from './runtime-api.ts';

/** The initialisation of one environment: it ends once, whatever is heard of it later. */
export class Initialisation {
  readonly outcome: Promise<InitOutcome>;
  readonly #resolve: (outcome: InitOutcome) => void;
  #startedUs = nowUs();
  #pending = true;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<InitOutcome>();
    this.outcome = promise;
    this.#resolve = resolve;
  }

  get pending(): boolean {
    return this.#pending;
  }

  /** Its process is about to start: what came before was this host's doing. */
  begin(): void {
    this.#startedUs = nowUs();
  }

  ready(loadUs: number | null): void {
    this.#settle({ kind: 'ready', startedUs: this.#startedUs, endedUs: nowUs(), loadUs });
  }

  failed(status: 'error' | 'timeout', { errorType, payload }: RuntimeError): void {
    const span = { startedUs: this.#startedUs, endedUs: nowUs() };
    this.#settle({ kind: 'failed', ...span, status, errorType, payload });
  }

  notStarted(message: string): void {
    this.#settle({ kind: 'not_started', message });
  }

  #settle(outcome: InitOutcome): void {
    this.#pending = false;
    this.#resolve(outcome);
  }
}
