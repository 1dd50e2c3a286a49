import { nowUs } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { FunctionConfiguration, InvocationRecord, TelemetrySink } from '../types.ts';
import type { Meter } from './meter.ts';
import {
  exitFailure,
  type Failure,
  failed,
  failurePayload,
  type InitOutcome,
  type Invocation,
  RESPONSE_TOO_LARGE,
  recordOf,
  timeoutFailure,
  traceHeader,
} from './outcomes.ts';
import { INIT_VCPUS, vcpusOf } from './quota.ts';
import { openRuntimeApi, type RuntimeApi, type RuntimeError } from './runtime-api.ts';
import { type Launch, Sandbox } from './sandbox.ts';

/** What an environment tells its function. */
export interface EnvironmentOwner {
  readonly telemetry: TelemetrySink;
  /** It waits for an invocation. False: nothing for it to do, so it freezes. */
  onIdle(environment: Environment): boolean;
  /** Its processes have ended; `expected` where we ended it. */
  onGone(environment: Environment, expected: boolean): void;
  /** A line the invocation logged, for its log tail. */
  onLine(requestId: string, line: string): void;
}

/** How long an environment may take to finish when it is asked to end. */
const FINISH_MS = 250;

type State = 'starting' | 'idle' | 'busy' | 'answered' | 'ending' | 'gone';

/**
 * One execution environment: a process group with its Runtime API, frozen while it waits. It is
 * `starting` until the first `next`, then `idle`, `busy` until its response is posted, `answered`
 * until the following `next`.
 */
export class Environment {
  readonly logStream: string;
  readonly configuration: FunctionConfiguration;
  /** Ends at its next chance: its configuration is old. */
  retiring = false;
  readonly gone: Promise<void>;
  readonly #owner: EnvironmentOwner;
  #state: State = 'starting';
  #killed = false;
  #api: RuntimeApi | null = null;
  #sandbox: Sandbox | null = null;
  #invocation: Invocation | null = null;
  #record: InvocationRecord | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastRequestId: string | null = null;
  #startedUs = 0;
  #onInit: ((outcome: InitOutcome) => void) | null = null;
  #markGone: () => void = () => {};

  constructor(owner: EnvironmentOwner, configuration: FunctionConfiguration, logStream: string) {
    this.#owner = owner;
    this.configuration = configuration;
    this.logStream = logStream;
    this.gone = new Promise((resolve) => {
      this.#markGone = resolve;
    });
  }

  get state(): State {
    return this.#state;
  }

  get peakMemoryMb(): number {
    return this.#sandbox?.peakMemoryMb(Number.POSITIVE_INFINITY) ?? 0;
  }

  get meter(): Meter | null {
    return this.#sandbox?.meter ?? null;
  }

  /** Starts the process and waits for its first `next`, at most `limitMs`. Never rejects. */
  async start(launch: Launch, limitMs: number): Promise<InitOutcome> {
    this.#startedUs = nowUs();
    const outcome = new Promise<InitOutcome>((resolve) => {
      this.#onInit = resolve;
    });
    try {
      this.#api = await openRuntimeApi({
        next: () => this.#onNext(),
        response: (id, payload) => this.#onResponse(id, payload, null),
        responseTooLarge: (id) => this.#onResponse(id, null, RESPONSE_TOO_LARGE),
        error: (id, error) => this.#onResponse(id, error.payload, error),
        initError: (error) => this.#initFailed('error', error),
      });
      if (this.#killed) throw new Error('ended while starting');
      this.#startedUs = nowUs();
      const nodejs = this.configuration.runtime.startsWith('nodejs');
      const launched = await launch(this.#api.address);
      this.#sandbox = new Sandbox(launched, nodejs, (line) => this.#log(line));
      void this.#sandbox.ended.then((ended) => this.#onEnded(ended));
      if (this.#killed) this.#sandbox.kill();
    } catch (error) {
      this.#settleInit({ kind: 'not_started', message: messageOf(error) });
      this.#finishGone(true);
      return outcome;
    }
    this.#timer = setTimeout(() => {
      const seconds = (limitMs / 1000).toFixed(2);
      const text = `Error: Init timed out after ${seconds} seconds`;
      this.#initFailed('timeout', failed('Sandbox.Timedout', text));
      this.kill();
    }, limitMs);
    return outcome;
  }

  /** Only while it is idle. The limit is the function's timeout, or what is left of it. */
  invoke(invocation: Invocation, limitMs: number): void {
    const api = this.#api;
    const { request } = invocation;
    if (this.#state !== 'idle' || api === null) {
      // It ended between its init and this call.
      invocation.invokedUs = nowUs();
      this.#fail(invocation, exitFailure(request.requestId, 1));
      return;
    }
    this.#state = 'busy';
    this.#invocation = invocation;
    this.#lastRequestId = request.requestId;
    if (invocation.invokedUs === 0) invocation.invokedUs = nowUs();
    const delivered = api.deliver({
      requestId: request.requestId,
      deadlineMs: Math.round(invocation.invokedUs / 1000 + limitMs),
      traceHeader: traceHeader(invocation),
      functionArn: this.configuration.arn,
      clientContext: request.clientContext,
      payload: request.payload,
    });
    this.#sandbox?.thaw();
    this.#timer = setTimeout(() => this.#onTimeout(), limitMs);
    // Its connection closed while it waited: it is about to end, and will be seen to.
    if (!delivered) this.kill();
  }

  /** Also while it is being started: it then ends as soon as there is something to end. */
  kill(): void {
    this.#killed = true;
    this.#sandbox?.kill();
  }

  /** Before start() only: it will never start. */
  abandon(): void {
    this.#finishGone(true);
  }

  /** Lets an idle environment send what it has pending, then ends it. */
  async end(): Promise<void> {
    if (this.#state === 'gone') return;
    this.#state = 'ending';
    // Not a matter of the function's CPU any more.
    this.#sandbox?.setCpus(INIT_VCPUS);
    this.#sandbox?.thaw();
    this.#api?.hangUp();
    const timer = setTimeout(() => this.kill(), FINISH_MS);
    await this.gone;
    clearTimeout(timer);
  }

  #onNext(): void {
    if (this.#state === 'starting') {
      this.#clearTimer();
      this.#sandbox?.setCpus(vcpusOf(this.configuration.memoryMb));
      this.#state = 'idle';
      const endedUs = nowUs();
      this.#settleInit({ kind: 'ready', startedUs: this.#startedUs, endedUs });
      return;
    }
    if (this.#state !== 'answered') return;
    this.#clearTimer();
    const record = this.#record;
    this.#record = null;
    this.#state = 'idle';
    if (record !== null) {
      record.readyUs = nowUs();
      this.#owner.telemetry.invocation(record);
    }
    if (!this.#owner.onIdle(this)) this.#sandbox?.freeze();
  }

  #onResponse(id: string, payload: Buffer | null, error: RuntimeError | null): boolean {
    const invocation = this.#invocation;
    if (this.#state !== 'busy' || invocation?.request.requestId !== id) return false;
    const endedUs = nowUs();
    this.#invocation = null;
    this.#state = 'answered';
    const record = recordOf(invocation, {
      environment: this.logStream,
      memoryMb: this.configuration.memoryMb,
      maxMemoryMb: this.#sandbox?.peakMemoryMb(endedUs) ?? 0,
      endedUs,
      status: error === null ? 'success' : 'error',
      errorType: error?.errorType ?? null,
    });
    this.#record = record;
    invocation.settle(
      error === null && payload !== null
        ? { kind: 'answer', payload, record }
        : {
            kind: 'function_error',
            payload: payload ?? error?.payload ?? Buffer.alloc(0),
            errorType: error?.errorType ?? 'Unhandled',
            record,
          },
    );
    return true;
  }

  #onTimeout(): void {
    const { timeoutS } = this.configuration;
    const invocation = this.#invocation;
    if (invocation === null) {
      // Answered, but it never asked for the next one.
      if (this.#record !== null) this.#record.status = 'timeout';
    } else {
      const { requestId } = invocation.request;
      const text = `Task timed out after ${timeoutS.toFixed(2)} seconds`;
      this.#log(`${new Date().toISOString()} ${requestId} ${text}\n\n`);
      this.#fail(invocation, timeoutFailure(requestId, timeoutS));
    }
    this.kill();
  }

  #fail(invocation: Invocation, failure: Failure): void {
    this.#invocation = null;
    const endedUs = nowUs();
    const record = recordOf(invocation, {
      environment: this.logStream,
      memoryMb: this.configuration.memoryMb,
      maxMemoryMb: this.peakMemoryMb,
      endedUs,
      status: failure.status,
      errorType: failure.outOfMemory === true ? 'Runtime.OutOfMemory' : failure.errorType,
    });
    if (failure.outOfMemory === true) record.maxMemoryMb = record.memoryMb;
    this.#owner.telemetry.invocation(record);
    invocation.settle({
      kind: 'function_error',
      payload: failurePayload(failure),
      errorType: failure.errorType,
      record,
    });
  }

  #initFailed(status: 'error' | 'timeout', error: RuntimeError): void {
    const { errorType, payload } = error;
    const endedUs = nowUs();
    this.#settleInit({
      kind: 'failed',
      startedUs: this.#startedUs,
      endedUs,
      status,
      errorType,
      payload,
    });
  }

  #settleInit(outcome: InitOutcome): void {
    const onInit = this.#onInit;
    this.#onInit = null;
    onInit?.(outcome);
  }

  #onEnded(ended: number | NodeJS.Signals): void {
    const expected = this.#state === 'ending';
    const requestId = this.#invocation?.request.requestId ?? '';
    const failure = exitFailure(requestId, ended);
    failure.outOfMemory = this.#sandbox?.outOfMemory === true;
    if (this.#onInit !== null) {
      this.#log(`${failure.errorMessage}\n${failure.errorType}\n`);
      this.#initFailed('error', failed(failure.errorType, failure.errorMessage));
    }
    const invocation = this.#invocation;
    if (invocation !== null) {
      this.#log(`${failure.errorMessage}\n${failure.errorType}\n`);
      this.#fail(invocation, failure);
    } else if (this.#record !== null) {
      this.#record.readyUs = nowUs();
      this.#owner.telemetry.invocation(this.#record);
      this.#record = null;
    }
    this.#finishGone(expected);
  }

  #finishGone(expected: boolean): void {
    if (this.#state === 'gone') return;
    this.#clearTimer();
    this.#sandbox?.release();
    this.#api?.close();
    this.#state = 'gone';
    this.#owner.onGone(this, expected);
    this.#markGone();
  }

  #log(message: string): void {
    const { name: functionName } = this.configuration;
    this.#owner.telemetry.log({
      functionName,
      environment: this.logStream,
      atUs: nowUs(),
      message,
    });
    if (this.#lastRequestId !== null) this.#owner.onLine(this.#lastRequestId, message);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
