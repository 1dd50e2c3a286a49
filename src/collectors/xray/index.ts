import { join } from 'node:path';
import { isLoopback, xrayClient } from '../../aws/clients.ts';
import { forEachInParallel, pause } from '../../aws/waiting.ts';
import { messageOf } from '../../base/errors.ts';
import type { Collector } from '../../model/ports.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { type Job, WarningCounts } from '../shared/job.ts';
import { createRawFile, type RawFile } from '../shared/raw-file.ts';
import { parseTraces, type ReadTrace } from './envelope.ts';

/** The most BatchGetTraces takes. */
const IDS_PER_CALL = 5;
const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;

export interface XRaySettings {
  /** Calls at a time. @default 5, on this machine 4 */
  parallelism?: number;
  /** Between two rounds of asking. @default 5000, on this machine 200 */
  pollMs?: number;
  /**
   * A trace is taken when so many reads agree. The emulator's are complete when it has settled, so
   * there one is enough. @default 2, on this machine 1
   */
  stableReads?: number;
}

/** Reads traces by their ids until each is complete and stable, or the deadline. */
export function createXRayCollector(settings: XRaySettings = {}): Collector {
  return {
    name: 'xray',
    collect: (job) => new TraceCollection(job, settings).run(),
  };
}

export const xrayCollector: Collector = createXRayCollector();

type XRayClient = Awaited<ReturnType<typeof xrayClient>>;
type Collected = Awaited<ReturnType<Collector['collect']>>;

class TraceCollection {
  readonly #job: Job;
  readonly #parallelism: number;
  readonly #pollMs: number;
  readonly #stableReads: number;
  readonly #warnings = new WarningCounts();
  readonly #startedAt = performance.now();
  /** Ids that are not written yet, with what their last reads showed. */
  readonly #pending = new Map<string, { shape: string; reads: number }>();
  #malformed = 0;

  constructor(job: Job, settings: XRaySettings) {
    const local = isLoopback(job.endpoint.aws);
    this.#job = job;
    this.#parallelism = settings.parallelism ?? (local ? 4 : 5);
    this.#pollMs = settings.pollMs ?? (local ? 200 : 5000);
    this.#stableReads = settings.stableReads ?? (local ? 1 : 2);
    for (const id of new Set(job.traceIds)) {
      // One malformed id would make X-Ray refuse the four beside it.
      if (TRACE_ID.test(id)) this.#pending.set(id, { shape: '', reads: 0 });
      else this.#malformed += 1;
    }
  }

  async run(): Promise<Collected> {
    const expected = this.#pending.size + this.#malformed;
    const client = await xrayClient(this.#job.endpoint.aws, this.#parallelism);
    const file = createRawFile(join(this.#job.rawFolder, RAW_FILES.traces));
    try {
      const unavailable = await this.#unavailable(client);
      if (unavailable === null) await this.#poll(client, file);
      await file.finish();
      const missing = this.#pending.size + this.#malformed;
      const found = expected - missing;
      const ended = unavailable !== null ? 'unavailable' : missing > 0 ? 'deadline' : 'complete';
      if (ended === 'deadline') {
        this.#warnings.add(
          'traces-missing',
          'doubtful',
          `${missing} of ${expected} traces were not found in time`,
        );
      }
      if (this.#malformed > 0) {
        this.#warnings.add(
          'trace-ids-malformed',
          'doubtful',
          `${this.#malformed} trace ids have another form than X-Ray's and were not asked for`,
        );
      }
      return {
        collection: {
          collector: 'xray',
          expected,
          found,
          ended,
          tookMs: performance.now() - this.#startedAt,
          ...(unavailable === null ? {} : { message: unavailable }),
        },
        warnings: this.#warnings.list(),
      };
    } finally {
      client.destroy();
      await file.discard();
    }
  }

  /** Why traces cannot be read by their ids; null where they can. */
  async #unavailable(client: XRayClient): Promise<string | null> {
    const { GetTraceSegmentDestinationCommand } = await import('@aws-sdk/client-xray');
    try {
      const answer = await client.send(new GetTraceSegmentDestinationCommand({}), {
        abortSignal: this.#job.signal,
      });
      return answer.Destination === 'CloudWatchLogs'
        ? 'Transaction Search is on in this account, so BatchGetTraces finds no trace (GetTraceSegmentDestination: CloudWatchLogs); REPORT lines stand in for them'
        : null;
    } catch (error) {
      this.#job.signal.throwIfAborted();
      this.#warnings.add(
        'trace-destination-unknown',
        'note',
        `GetTraceSegmentDestination failed: ${messageOf(error)}`,
      );
      return null;
    }
  }

  async #poll(client: XRayClient, file: RawFile): Promise<void> {
    for (;;) {
      await this.#readAll(client, file, false);
      if (this.#pending.size === 0) return;
      if (this.#left() <= this.#pollMs) break;
      await pause(this.#pollMs, this.#job.signal);
      this.#job.signal.throwIfAborted();
    }
    // What was found but never twice the same is better than nothing.
    const unstable = [...this.#pending.values()].filter(({ reads }) => reads > 0).length;
    if (unstable === 0) return;
    await this.#readAll(client, file, true);
    this.#warnings.add(
      'traces-unstable',
      'doubtful',
      `${unstable} traces were still changing at the deadline`,
    );
  }

  /** @param last take whatever is there. */
  async #readAll(client: XRayClient, file: RawFile, last: boolean): Promise<void> {
    const { BatchGetTracesCommand } = await import('@aws-sdk/client-xray');
    const ids = [...this.#pending.keys()];
    const calls: string[][] = [];
    for (let i = 0; i < ids.length; i += IDS_PER_CALL) calls.push(ids.slice(i, i + IDS_PER_CALL));
    await forEachInParallel(calls, this.#parallelism, async (call) => {
      this.#job.signal.throwIfAborted();
      if (!last && this.#left() <= 0) return;
      const read: ReadTrace[] = [];
      try {
        let token: string | undefined;
        do {
          const answer = await client.send(
            new BatchGetTracesCommand({ TraceIds: call, NextToken: token }),
            { abortSignal: this.#job.signal },
          );
          read.push(...parseTraces(answer, (problem) => this.#damaged(problem)));
          // Some services end with an empty one.
          token = answer.NextToken || undefined;
        } while (token !== undefined);
      } catch (error) {
        this.#job.signal.throwIfAborted();
        // Asked again in the next round.
        this.#warnings.add(
          'xray-call-failed',
          'note',
          `BatchGetTraces failed: ${messageOf(error)}`,
        );
        return;
      }
      let lines = '';
      for (const trace of read) if (this.#settled(trace, last)) lines += `${trace.line}\n`;
      if (lines !== '') await file.write(lines);
    });
  }

  /** Whether the trace is to be written now; it is then no longer pending. */
  #settled(trace: ReadTrace, last: boolean): boolean {
    const seen = this.#pending.get(trace.id);
    if (seen === undefined) return false;
    const reads = seen.shape === trace.shape ? seen.reads + 1 : 1;
    if (last || (!trace.inProgress && reads >= this.#stableReads)) {
      this.#pending.delete(trace.id);
      return true;
    }
    this.#pending.set(trace.id, { shape: trace.shape, reads });
    return false;
  }

  #left(): number {
    return this.#job.deadlineMs - (performance.now() - this.#startedAt);
  }

  #damaged(problem: string): void {
    this.#warnings.add(
      'xray-damaged',
      'doubtful',
      `an answer of X-Ray could not be read: ${problem}`,
    );
  }
}
