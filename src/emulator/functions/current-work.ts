import { nowUs } from '../../base/clock.ts';
import type { FunctionConfiguration, InvocationRecord, TelemetrySink } from '../types.ts';
import { type Failure, failurePayload, type Invocation, recordOf } from './outcomes.ts';
import { ResponseStream, type StreamLimits } from './response-stream.ts';
import type { RuntimeError } from './runtime-reports.ts';

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
  #stream: ResponseStream | null = null;

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

  /** Its response has begun to come, and is not whole. */
  get streaming(): boolean {
    return this.#stream !== null;
  }

  get streamTooLarge(): boolean {
    return this.#stream?.tooLarge === true;
  }

  begin(invocation: Invocation): void {
    this.#invocation = invocation;
    this.#stream = null;
    this.#lastRequestId = invocation.request.requestId;
    // A second init lies within the invocation, which then has begun already.
    if (invocation.invokedUs === 0) invocation.invokedUs = nowUs();
  }

  /** The runtime has posted a payload, or an error where `error` is not null. */
  respond(payload: Buffer, error: RuntimeError | null): void {
    this.#answer(error?.payload ?? payload, error, payload.length, null);
  }

  /**
   * The response begins to come in parts. null: the caller takes it whole.
   * @param onCut the connection it came on closed before it was whole
   */
  stream(
    contentType: string,
    limits: StreamLimits,
    hooks: { resume: () => void; onCut: () => void },
  ): ResponseStream | null {
    const open = this.#invocation?.request.openStream ?? null;
    if (open === null) return null;
    this.#stream = new ResponseStream(open, contentType, limits, hooks);
    return this.#stream;
  }

  /** The streamed response is whole, or broke off with an error. */
  streamed(error: RuntimeError | null): void {
    const stream = this.#stream;
    if (stream === null) return;
    this.#stream = null;
    if (error === null) stream.end();
    else stream.destroy();
    this.#answer(error?.payload ?? Buffer.alloc(0), error, stream.bytes, stream);
  }

  /** There will be no response, or not all of it: the process ended, or its time is up. */
  fail(failure: Failure): void {
    const invocation = this.#take();
    const stream = this.#stream;
    this.#stream = null;
    stream?.destroy();
    if (invocation === null) return;
    const { logStream, configuration } = this.#place;
    const outOfMemory = failure.outOfMemory === true;
    const record = recordOf(invocation, {
      environment: logStream,
      configuration,
      producedBytes: stream?.bytes ?? 0,
      firstByteUs: stream?.firstByteUs ?? null,
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
    const streamed = stream?.opened === true;
    invocation.settle({ kind: 'function_error', payload, errorType, streamed, record });
  }

  /** It has answered, and did not ask for the next invocation: its time was up, or it ended. */
  overran({ status, errorType }: Failure): void {
    if (this.#record === null) return;
    this.#record.status = status;
    this.#record.errorType = errorType;
  }

  /** The environment is ready for the next invocation, or gone. */
  finish(): void {
    const record = this.#record;
    if (record === null) return;
    this.#record = null;
    record.readyUs = nowUs();
    this.#telemetry.invocation(record);
  }

  #answer(
    payload: Buffer,
    error: RuntimeError | null,
    producedBytes: number,
    stream: ResponseStream | null,
  ): void {
    const invocation = this.#take();
    if (invocation === null) return;
    const endedUs = nowUs();
    const { logStream, configuration } = this.#place;
    const record = recordOf(invocation, {
      environment: logStream,
      maxMemoryMb: this.#place.peakMemoryMb(endedUs),
      endedUs,
      configuration,
      producedBytes,
      firstByteUs: stream?.firstByteUs ?? null,
      status: error === null ? 'success' : 'error',
      errorType: error?.errorType ?? null,
    });
    this.#record = record;
    const streamed = stream?.opened === true;
    invocation.settle(
      error === null
        ? { kind: 'answer', payload, streamed, record }
        : { kind: 'function_error', payload, errorType: error.errorType, streamed, record },
    );
  }

  #take(): Invocation | null {
    const invocation = this.#invocation;
    this.#invocation = null;
    return invocation;
  }
}
