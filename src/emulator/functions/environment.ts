import { nowUs } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { FunctionConfiguration, TelemetrySink } from '../types.ts';
import { CurrentWork } from './current-work.ts';
import { Initialisation } from './initialisation.ts';
import { exitLine, timeoutLine } from './life-cycle-lines.ts';
import type { MeterReading } from './meter.ts';
import {
  exitFailure,
  failed,
  type InitOutcome,
  type Invocation,
  RESPONSE_TOO_LARGE,
  STREAM_TOO_LARGE,
  timeoutFailure,
  traceHeader,
  truncatedFailure,
} from './outcomes.ts';
import { INIT_VCPUS, vcpusOf } from './quota.ts';
import { type ResponseStream, STREAM_LIMITS } from './response-stream.ts';
import type { Verdict } from './runtime-answers.ts';
import { openRuntimeApi, type RuntimeApi } from './runtime-api.ts';
import type { RuntimeError } from './runtime-reports.ts';
import { type Launch, Sandbox } from './sandbox.ts';
import { qualifiedArn } from './versions.ts';

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

/** Node's timers may fire so much early; nobody is timed out before the time is up. */
const TIMER_EARLY_MS = 1;
/** How long an environment may take to finish when it is asked to end. */
const FINISH_MS = 250;

type State = 'starting' | 'idle' | 'busy' | 'answered' | 'ending' | 'gone';

const STATE_NAMES: Partial<Record<State, Verdict>> = {
  busy: 'Running',
  answered: 'RuntimeResponseSentState',
};

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
  #timer: NodeJS.Timeout | null = null;
  readonly #init = new Initialisation();
  readonly #work: CurrentWork;
  readonly #markGone: () => void;
  #initCpuUs: number | null = null;
  /** The connection on which its response came closed. */
  #cut = false;
  #last: MeterReading | null = null;

  constructor(owner: EnvironmentOwner, configuration: FunctionConfiguration, logStream: string) {
    this.#owner = owner;
    this.configuration = configuration;
    this.logStream = logStream;
    this.#work = new CurrentWork(this, owner.telemetry);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#markGone = resolve;
  }

  get state(): State {
    return this.#state;
  }

  /** It has been killed, and may still be there. */
  get killed(): boolean {
    return this.#killed;
  }

  peakMemoryMb(atUs = Number.POSITIVE_INFINITY): number {
    return this.#sandbox?.peakMemoryMb(atUs) ?? 0;
  }

  /** CPU time until its first `next`; null before it. */
  get initCpuUs(): number | null {
    return this.#initCpuUs;
  }

  /** What it used of the host, until it was asked to end; null before there is a process. */
  reading(): MeterReading | null {
    return this.#last ?? this.#sandbox?.meter.read() ?? null;
  }

  /** Starts the process and waits for its first `next`, at most `limitMs`. Never rejects. */
  async start(launch: Launch, limitMs: number): Promise<InitOutcome> {
    try {
      this.#api = await openRuntimeApi({
        next: (loadUs) => this.#onNext(loadUs),
        response: (id, payload) => this.#onResponse(id, payload, null),
        responseTooLarge: (id) =>
          this.#onResponse(id, RESPONSE_TOO_LARGE.payload, RESPONSE_TOO_LARGE),
        error: (id, error) => this.#onResponse(id, error.payload, error),
        initError: (error) => this.#onInitError(error),
        stream: (id, contentType, resume) => this.#onStream(id, contentType, resume),
        streamed: (error) => this.#onStreamed(error),
      });
      if (this.#killed) throw new Error('ended while starting');
      this.#init.begin();
      const nodejs = this.configuration.runtime.startsWith('nodejs');
      const launched = await launch(this.#api.address);
      this.#sandbox = new Sandbox(launched, nodejs, (line) => this.#log(line));
      void this.#sandbox.ended.then((ended) => this.#onEnded(ended));
      if (this.#killed) this.#sandbox.kill();
    } catch (error) {
      this.#init.notStarted(messageOf(error));
      this.#finishGone(true);
      return this.#init.outcome;
    }
    this.#timer = setTimeout(() => {
      const seconds = (limitMs / 1000).toFixed(2);
      const text = `Error: Init timed out after ${seconds} seconds`;
      this.#init.failed('timeout', failed('Sandbox.Timedout', text));
      this.kill();
    }, limitMs);
    return this.#init.outcome;
  }

  /** Only while it is idle. The limit is the function's timeout, or what is left of it. */
  invoke(invocation: Invocation, limitMs: number): void {
    const api = this.#api;
    const { request } = invocation;
    this.#work.begin(invocation);
    this.#cut = false;
    if (this.#state !== 'idle' || api === null) {
      // It ended between its init and this call.
      this.#work.fail(exitFailure(request.requestId, { how: 1, outOfMemory: false }));
      return;
    }
    this.#state = 'busy';
    const delivered = api.deliver({
      requestId: request.requestId,
      deadlineMs: Math.round(invocation.invokedUs / 1000 + limitMs),
      traceHeader: traceHeader(invocation),
      functionArn: qualifiedArn(this.configuration, request.qualifier),
      clientContext: request.clientContext,
      payload: request.payload,
    });
    this.#sandbox?.thaw();
    this.#timer = setTimeout(() => this.#onTimeout(), limitMs + TIMER_EARLY_MS);
    // Its connection closed while it waited: it is about to end, and will be seen to.
    if (!delivered) this.kill();
  }

  /** Freezes it until its first invocation. Only while it is idle. */
  rest(): void {
    if (this.#state === 'idle') this.#sandbox?.freeze();
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
    this.#last = this.reading();
    // Not a matter of the function's CPU any more.
    this.#sandbox?.setCpus(INIT_VCPUS);
    this.#sandbox?.thaw();
    this.#api?.hangUp();
    const timer = setTimeout(() => this.kill(), FINISH_MS);
    await this.gone;
    clearTimeout(timer);
  }

  #onNext(loadUs: number | null): Verdict {
    if (this.#state === 'starting') {
      this.#clearTimer();
      this.#initCpuUs = this.#sandbox?.meter.cpuUs() ?? 0;
      this.#sandbox?.setCpus(vcpusOf(this.configuration.memoryMb));
      this.#state = 'idle';
      this.#init.ready(loadUs);
      // A handler may end its process before it has answered once.
      this.#sandbox?.noteMemory();
      return 'accepted';
    }
    if (this.#state === 'busy' && this.#cut) {
      this.#state = 'answered';
      this.#work.fail(truncatedFailure());
    }
    if (this.#state === 'busy') return this.#work.streaming ? 'InvocationResponse' : 'Running';
    if (this.#state !== 'answered') return 'accepted';
    this.#clearTimer();
    this.#state = 'idle';
    this.#work.finish();
    if (!this.#owner.onIdle(this)) this.#sandbox?.freeze();
    return 'accepted';
  }

  #onInitError(error: RuntimeError): Verdict {
    if (this.#state === 'starting') {
      this.#init.failed('error', error);
      return 'accepted';
    }
    return STATE_NAMES[this.#state] ?? 'Ready';
  }

  #onResponse(id: string, payload: Buffer, error: RuntimeError | null): Verdict {
    const verdict = this.#verdictOn(id);
    if (verdict !== 'accepted') return verdict;
    this.#state = 'answered';
    this.#work.respond(payload, error);
    return verdict;
  }

  #onStream(id: string, contentType: string, resume: () => void): ResponseStream | null {
    if (this.#verdictOn(id) !== 'accepted') return null;
    const onCut = (): void => {
      this.#cut = true;
    };
    return this.#work.stream(contentType, STREAM_LIMITS, { resume, onCut });
  }

  #onStreamed(error: RuntimeError | null): 'accepted' | 'too_large' {
    const tooLarge = this.#work.streamTooLarge;
    this.#state = 'answered';
    this.#work.streamed(tooLarge ? STREAM_TOO_LARGE : error);
    return tooLarge ? 'too_large' : 'accepted';
  }

  /** On a response to the invocation of that id: the first one is accepted. */
  #verdictOn(id: string): Verdict {
    const { requestId, lastRequestId } = this.#work;
    if (this.#state === 'answered' && id === lastRequestId) return 'RuntimeResponseSentState';
    if (this.#state !== 'busy' || id !== requestId) return 'unknown_id';
    return this.#work.streaming ? 'InvocationResponse' : 'accepted';
  }

  /** Also where it has answered and does not ask for the next invocation. */
  #onTimeout(): void {
    const { timeoutS } = this.configuration;
    const requestId = this.#work.lastRequestId ?? '';
    const failure = timeoutFailure(requestId, timeoutS);
    this.#log(timeoutLine(this.configuration, requestId));
    this.#work.fail(failure);
    this.#work.overran(failure);
    this.kill();
  }

  #onEnded(ended: number | NodeJS.Signals): void {
    const expected = this.#state === 'ending';
    const requestId = this.#work.lastRequestId ?? '';
    const exit = { how: ended, outOfMemory: this.#sandbox?.outOfMemory === true };
    const failure = exitFailure(requestId, exit);
    // Not where we ended it ourselves since its time was up.
    const overran = this.#state === 'answered' && !this.#killed;
    if (this.#work.requestId !== null || overran) this.#log(exitLine(failure));
    this.#init.failed('error', failed(failure.errorType, failure.errorMessage), exit);
    this.#work.fail(failure);
    if (overran) this.#work.overran(failure);
    this.#work.finish();
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
    const requestId = this.#work.lastRequestId;
    if (requestId !== null) this.#owner.onLine(requestId, message);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
