import type { MetricBook } from './telemetry/metric-book.ts';
import type { InvocationRequest, InvocationResult } from './types.ts';

/** Counts what runs at once, for the metrics of concurrent executions. */
export class Executions {
  readonly #metrics: MetricBook;
  readonly #isReserved: (functionName: string) => boolean;
  readonly #running = new Map<string, number>();

  constructor(metrics: MetricBook, isReserved: (functionName: string) => boolean) {
    this.#metrics = metrics;
    this.#isReserved = isReserved;
  }

  async count(
    request: InvocationRequest,
    run: (request: InvocationRequest) => Promise<InvocationResult>,
  ): Promise<InvocationResult> {
    const { functionName, qualifier, receivedUs } = request;
    const ofFunction = this.#enter(functionName);
    const resource = `${functionName}:${qualifier ?? ''}`;
    const ofResource = this.#enter(resource);
    const ofAccount = this.#enter(ACCOUNT);
    const unreserved = this.#isReserved(functionName) ? null : this.#enter(UNRESERVED);
    let result: InvocationResult;
    try {
      result = await run(request);
    } finally {
      for (const key of [functionName, resource, ACCOUNT]) this.#leave(key);
      if (unreserved !== null) this.#leave(UNRESERVED);
    }
    if (result.kind !== 'refused') {
      const running = { ofFunction, ofResource, ofAccount, unreserved };
      this.#metrics.concurrency(functionName, qualifier, receivedUs, running);
    }
    return result;
  }

  #enter(key: string): number {
    const running = (this.#running.get(key) ?? 0) + 1;
    this.#running.set(key, running);
    return running;
  }

  #leave(key: string): void {
    const running = (this.#running.get(key) ?? 1) - 1;
    if (running === 0) this.#running.delete(key);
    else this.#running.set(key, running);
  }
}

/** No function can be called so. */
const ACCOUNT = ':account';
const UNRESERVED = ':unreserved';
