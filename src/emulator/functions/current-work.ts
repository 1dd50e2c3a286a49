import { nowUs } from '../../base/clock.ts';
import type { FunctionConfiguration, InvocationRecord, TelemetrySink } from '../types.ts';
import { type Failure, failurePayload, type Invocation, recordOf } from './outcomes.ts';
import type { RuntimeError } from './runtime-api.ts';

/** The environment that works. */
interface Place {
  readonly configuration: FunctionConfiguration;
  readonly logStream: string;
  /** @param atUs a reading from shortly before may do */
  peakMemoryMb(atUs: number): number;
}

/**
 * What one environment works on: an invocation until it is settled, then its record until the
 * environment is ready for the next. Each invocation is settled once and recorded once.
 */
export class CurrentWork {
  readonly #place: Place;
  readonly #telemetry: TelemetrySink;
  #invocation: Invocation | null = null;
  #record: InvocationRecord | null = null;
  #lastRequestId: string | null = null;

  constructor(place: Place, telemetry: TelemetrySink) {
    this.#place = place;
    this.#telemetry = telemetry;
  }

  /** Of the invocation that is not settled yet. */
  get requestId(): string | null {
    return this.#invocation?.request.requestId ?? null;
  }

  /** Of the last invocation so far: what the environment writes is taken for its output. */
  get lastRequestId(): string | null {
    return this.#lastRequestId;
  }

  begin(invocation: Invocation): void {
    this.#invocation = invocation;
    this.#lastRequestId = invocation.request.requestId;
    // A second init lies within the invocation, which then has begun already.
    if (invocation.invokedUs === 0) invocation.invokedUs = nowUs();
  }

  /** The runtime has posted a payload, or an error where `error` is not null. */
  respond(payload: Buffer, error: RuntimeError | null): void {
    const invocation = this.#take();
    if (invocation === null) return;
    const endedUs = nowUs();
    const { logStream, configuration } = this.#place;
    const record = recordOf(invocation, {
      environment: logStream,
      memoryMb: configuration.memoryMb,
      maxMemoryMb: this.#place.peakMemoryMb(endedUs),
      endedUs,
      status: error === null ? 'success' : 'error',
      errorType: error?.errorType ?? null,
    });
    this.#record = record;
    invocation.settle(
      error === null
        ? { kind: 'answer', payload, record }
        : { kind: 'function_error', payload, errorType: error.errorType, record },
    );
  }

  /** There will be no response: the process ended, or its time is up. */
  fail(failure: Failure): void {
    const invocation = this.#take();
    if (invocation === null) return;
    const { logStream, configuration } = this.#place;
    const outOfMemory = failure.outOfMemory === true;
    const record = recordOf(invocation, {
      environment: logStream,
      memoryMb: configuration.memoryMb,
      maxMemoryMb: outOfMemory
        ? configuration.memoryMb
        : this.#place.peakMemoryMb(Number.POSITIVE_INFINITY),
      endedUs: nowUs(),
      status: failure.status,
      errorType: outOfMemory ? 'Runtime.OutOfMemory' : failure.errorType,
    });
    this.#telemetry.invocation(record);
    const { errorType } = failure;
    const payload = failurePayload(failure);
    invocation.settle({ kind: 'function_error', payload, errorType, record });
  }

  /** It has answered, and did not ask for the next invocation within its time. */
  overran(): void {
    if (this.#record !== null) this.#record.status = 'timeout';
  }

  /** The environment is ready for the next invocation, or gone. */
  finish(): void {
    const record = this.#record;
    if (record === null) return;
    this.#record = null;
    record.readyUs = nowUs();
    this.#telemetry.invocation(record);
  }

  #take(): Invocation | null {
    const invocation = this.#invocation;
    this.#invocation = null;
    return invocation;
  }
}
