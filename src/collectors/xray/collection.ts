import { callFailure, callFailureText } from '../../aws/call-failure.ts';
import { isLoopback, xrayClient } from '../../aws/clients.ts';
import { Pacer } from '../../aws/pacer.ts';
import { pause } from '../../aws/waiting.ts';
import { messageOf } from '../../base/errors.ts';
import type { AwsAccess } from '../../model/ports.ts';
import { type Collected, hopelessCall, WarningCounts } from '../shared/job.ts';
import { type ReadTrace, shapeOf } from './envelope.ts';
import { outcomeOf } from './outcome.ts';
import type { TraceJob, XRaySettings } from './settings.ts';
import { batchSource, retrievalSource, type TraceSource, type XRayClient } from './sources.ts';
import { TraceFile } from './trace-file.ts';
import { TraceQueue } from './trace-queue.ts';

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
/** A pause grows to at most so many times the first. */
const LONGEST_PAUSE = 8;
/** How long ids that are due wait for others to fill their call. */
const FILL_MS = 250;
/** Failures in a row, without one success, after which nothing more is asked. */
const HOPELESS = 5;
/** Five ids a call, each read twice, at 20 calls a second at the least. */
const MS_PER_TRACE = 20;

interface Seen {
  shape: string;
  reads: number;
  misses: number;
}

/** Of all that were not asked for yet: there may be half a million. */
const UNSEEN: Readonly<Seen> = { shape: '', reads: 0, misses: 0 };

/** One collection of a trial's traces; see `createXRayCollector`. */
export class TraceCollection {
  readonly #job: TraceJob;
  readonly #access: AwsAccess;
  readonly #parallelism: number;
  readonly #pollMs: number;
  readonly #stableReads: number;
  readonly #pacer: Pacer;
  readonly #file: TraceFile;
  readonly #queue = new TraceQueue();
  readonly #warnings = new WarningCounts();
  readonly #startedAt = performance.now();
  /** Ids that are not settled yet, with what their last reads showed. */
  readonly #pending = new Map<string, Readonly<Seen>>();
  readonly #expected: number;
  #malformed = 0;
  #tooLarge = 0;
  #unprocessed = 0;
  #underWay = 0;
  #succeeded = 0;
  #failedInARow = 0;
  /** Why nothing more is asked. */
  #stopped: string | null = null;
  #broken: { error: unknown } | null = null;
  #wake: () => void = () => {};

  constructor(job: TraceJob, access: AwsAccess, settings: XRaySettings) {
    const local = isLoopback(access);
    this.#job = job;
    this.#access = access;
    this.#parallelism = settings.parallelism ?? (local ? 4 : 48);
    this.#pollMs = settings.pollMs ?? (local ? 200 : 5000);
    this.#stableReads = settings.stableReads ?? (local ? 1 : 2);
    const startPerS = settings.startPerS === undefined ? (local ? null : 20) : settings.startPerS;
    this.#pacer = new Pacer({ startPerS });
    for (const id of new Set(job.traceIds)) {
      // One malformed id would make X-Ray refuse the four beside it.
      if (!TRACE_ID.test(id)) this.#malformed += 1;
      else {
        this.#pending.set(id, UNSEEN);
        this.#queue.add(id, this.#startedAt, 0);
      }
    }
    this.#expected = this.#pending.size + this.#malformed;
    this.#file = new TraceFile(job.rawFolder);
  }

  async run(): Promise<Collected> {
    const { signal, deadlineMs } = this.#job;
    const client = await xrayClient(this.#access, this.#parallelism);
    const withinMs = deadlineMs + this.#pending.size * MS_PER_TRACE;
    const until = AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, withinMs))]);
    const giveUp = () => client.destroy();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      const source = await this.#source(client, until);
      if (source !== null) await this.#readAll(source, until);
      signal.throwIfAborted();
      await this.#file.finish();
      return this.#outcome();
    } finally {
      signal.removeEventListener('abort', giveUp);
      client.destroy();
      await this.#file.discard();
    }
  }

  /** Where the account keeps its traces; null where nothing can be asked. */
  async #source(client: XRayClient, until: AbortSignal): Promise<TraceSource | null> {
    const { signal, window } = this.#job;
    const damaged = (problem: string) =>
      this.#warnings.add(
        'xray-damaged',
        'doubtful',
        `an answer of X-Ray could not be read: ${problem}`,
      );
    const context = { client, pacer: this.#pacer, window, signal, until, damaged };
    const { GetTraceSegmentDestinationCommand } = await import('@aws-sdk/client-xray');
    const ask = () =>
      client.send(new GetTraceSegmentDestinationCommand({}), { abortSignal: signal });
    try {
      const { Destination } = await this.#pacer.run(until, ask);
      if (Destination !== 'CloudWatchLogs') return batchSource(context);
      this.#warnings.add(
        'transaction-search',
        'note',
        'Transaction Search is on in this account: traces are read through its retrievals',
      );
      return retrievalSource(context, Math.min(1000, this.#pollMs));
    } catch (error) {
      signal.throwIfAborted();
      const failure = callFailure(error);
      if (failure === 'expired' || failure === 'unreachable') {
        if (failure === 'unreachable') this.#failedInARow = HOPELESS;
        this.#fail(error, 'X-Ray', 'xray:GetTraceSegmentDestination');
        return null;
      }
      // Without this right the others may be there.
      this.#warnings.add(
        'trace-destination-unknown',
        'note',
        `GetTraceSegmentDestination failed (${callFailureText(error)}): should Transaction Search be on in this account, its traces are not found`,
      );
      return batchSource(context);
    }
  }

  async #readAll(source: TraceSource, until: AbortSignal): Promise<void> {
    const parallelism = Math.min(this.#parallelism, source.parallelism ?? this.#parallelism);
    while (!until.aborted && this.#stopped === null) {
      if (this.#underWay < parallelism) {
        const ids = this.#dueIds(source.idsPerRead);
        if (ids.length > 0) {
          this.#underWay += 1;
          void this.#read(source, ids, until).finally(() => {
            this.#underWay -= 1;
            this.#wake();
          });
          continue;
        }
        if (this.#underWay === 0 && this.#queue.size === 0) return;
      }
      await this.#change(source.idsPerRead, this.#underWay >= parallelism, until);
    }
    while (this.#underWay > 0) await this.#woken();
    if (this.#broken !== null) throw this.#broken.error;
  }

  /** Ids for a call that is worth making: it is full, or waited long enough to be, or never will be. */
  #dueIds(limit: number): string[] {
    const now = performance.now();
    const fullAt = this.#queue.dueAt(limit);
    if (fullAt === null) return [];
    const full = this.#queue.size >= limit && fullAt <= now;
    const firstAt = this.#queue.dueAt(1) ?? now;
    const last = this.#underWay === 0 && fullAt <= now;
    return full || last || firstAt + FILL_MS <= now ? this.#queue.take(limit, now) : [];
  }

  /** Resolves when a call has ended or ids are due. */
  async #change(limit: number, busy: boolean, until: AbortSignal): Promise<void> {
    const woken = this.#woken();
    if (busy || this.#queue.size === 0) return woken;
    const fullAt = this.#queue.dueAt(limit) ?? 0;
    const firstAt = (this.#queue.dueAt(1) ?? 0) + FILL_MS;
    const enough = this.#queue.size >= limit || this.#underWay === 0;
    const dueAt = enough ? Math.min(fullAt, firstAt) : firstAt;
    const slept = new AbortController();
    const signal = AbortSignal.any([slept.signal, until]);
    await Promise.race([woken, pause(Math.max(1, dueAt - performance.now()), signal)]);
    slept.abort();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #read(source: TraceSource, ids: string[], until: AbortSignal): Promise<void> {
    try {
      const { traces, unprocessed } = await source.read(ids);
      this.#succeeded += 1;
      this.#failedInARow = 0;
      this.#unprocessed += unprocessed;
      await this.#keep(ids, traces);
    } catch (error) {
      if (until.aborted) return;
      this.#fail(error, source.name, source.rights);
      for (const id of ids) this.#missed(id);
    }
  }

  async #keep(ids: string[], traces: ReadonlyMap<string, ReadTrace>): Promise<void> {
    try {
      for (const id of ids) {
        const full = this.#take(id, traces.get(id));
        if (full !== undefined) await full;
      }
    } catch (error) {
      // The disk's fault, not X-Ray's.
      this.#broken ??= { error };
      this.#stopped = messageOf(error);
    }
  }

  /** Where a promise comes back, more may be written when it resolves. */
  #take(id: string, trace: ReadTrace | undefined): Promise<unknown> | undefined {
    const seen = this.#pending.get(id);
    if (seen === undefined) return undefined;
    if (trace === undefined) {
      this.#missed(id);
      return undefined;
    }
    const again = seen.shape !== '';
    // The first read is known to be another without looking.
    const settledAtOnce = !again && !trace.unfinished && this.#stableReads <= 1;
    const shape = settledAtOnce ? '' : shapeOf(trace.trace);
    const changed = settledAtOnce || seen.shape !== shape;
    const reads = changed ? 1 : seen.reads + 1;
    if (settledAtOnce || (!trace.unfinished && reads >= this.#stableReads)) {
      this.#pending.delete(id);
      if (trace.limitExceeded) this.#tooLarge += 1;
    } else {
      this.#pending.set(id, { ...seen, shape, reads });
      this.#queue.add(id, performance.now(), this.#pollMs);
    }
    return changed ? this.#file.write(trace, again) : undefined;
  }

  /** Asked again after a pause that grows: late ones must not take the calls of those that are there. */
  #missed(id: string): void {
    const seen = this.#pending.get(id);
    if (seen === undefined) return;
    const times = Math.min(2 ** seen.misses, LONGEST_PAUSE);
    this.#pending.set(id, { ...seen, misses: seen.misses + 1 });
    this.#queue.add(id, performance.now(), this.#pollMs * times);
  }

  #fail(error: unknown, source: string, rights: string): void {
    const reason = callFailureText(error);
    this.#failedInARow += 1;
    this.#stopped ??= hopelessCall(error, source, rights);
    if (this.#succeeded === 0 && this.#failedInARow >= HOPELESS) {
      this.#stopped ??= `${source} could not be asked (${reason})`;
    }
    this.#warnings.add('xray-call-failed', 'note', `a call of ${source} failed: ${reason}`);
  }

  #outcome(): Collected {
    const unseen = [...this.#pending.values()].filter(({ shape }) => shape === '').length;
    return outcomeOf(
      {
        expected: this.#expected,
        missing: unseen + this.#malformed,
        unstable: this.#pending.size - unseen,
        malformed: this.#malformed,
        tooLarge: this.#tooLarge,
        unprocessed: this.#unprocessed,
        calls: this.#pacer.calls,
        throttles: this.#pacer.throttles,
        stopped: this.#stopped,
        tookMs: performance.now() - this.#startedAt,
      },
      this.#warnings,
    );
  }
}
