import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callFailure, callFailureText } from '../../aws/call-failure.ts';
import { isLoopback, logsClient } from '../../aws/clients.ts';
import { isServiceError } from '../../aws/explain.ts';
import { pause } from '../../aws/waiting.ts';
import { type Collector, type KnownFunction, knownFunction } from '../../model/ports.ts';
import { RAW_FILES, type RawLogEvent } from '../../model/raw.ts';
import { createRawFile, type RawFile } from '../../store/raw-file.ts';
import { ReportRows } from '../../store/telemetry/report-rows.ts';
import { type Collected, hopelessCall, type Job, notAsked, WarningCounts } from '../shared/job.ts';
import { isReport, reportKey } from './envelope.ts';
import { ownReports } from './own-reports.ts';
import { filterReader, insightsReader, type LogReader, type ReadContext } from './readers.ts';

export interface LogsSettings {
  /** Between two reads of the window. @default 5000, on this machine 200 */
  pollMs?: number;
  /** Before and after the window: clocks differ, and a REPORT follows its answer. @default 60_000, on this machine 2000 */
  marginMs?: number;
  /**
   * From so many expected lines on Logs Insights is asked. A line is some 400 bytes, so a page of
   * FilterLogEvents (1 MB) has 2,500, one page after the other at 5 a second at most and about 2 as
   * answers come: 100,000 lines are 40 pages, 8 to 20 s a read, more where other events lie between.
   * A query takes a few seconds whatever it finds, and then gives 10,000 a page: 10 pages, 2 s.
   * They meet at about 10 pages. @default 25_000, on this machine never
   */
  insightsFrom?: number;
  /** Rows of a query at most. @default 100_000, the service's own */
  queryRows?: number;
}

/** Reads without anything new, 99% of the lines being there, after which the rest is taken for lost. */
const QUIET_READS = 6;
/** Reads that find no log group, after which it is taken for gone: it went with its stack. */
const GONE_READS = 3;

/** Of DuckDB, which makes the rows' file. */
const ROWS_MB = 256;

/** Reads the function's REPORT lines of the window until they are all there, or the deadline. */
export function createLogsCollector(settings: LogsSettings = {}): Collector {
  return {
    name: 'logs',
    collect: async (job) => {
      const known = knownFunction(job.endpoint);
      return known === null
        ? notAsked(
            'logs',
            job.expectedReports,
            'REPORT lines: the function behind this endpoint is not known',
          )
        : new LogCollection(job, known, settings).run();
    },
  };
}

export const logsCollector: Collector = createLogsCollector();

class LogCollection {
  readonly #job: Job;
  readonly #known: KnownFunction;
  readonly #pollMs: number;
  readonly #startMs: number;
  /** Null: up to now. */
  readonly #endMs: number | null;
  readonly #isOwn: (event: RawLogEvent) => boolean;
  readonly #warnings = new WarningCounts();
  readonly #startedAt = performance.now();
  /** Keys of what was written: a later read of the window shows it again. */
  readonly #written = new Set<string>();
  #reader: LogReader;
  /** Why nothing more is asked. */
  #stopped: string | null = null;
  #notThere = 0;

  constructor(job: Job, known: KnownFunction, settings: LogsSettings) {
    const local = isLoopback(known.aws);
    const marginMs = settings.marginMs ?? (local ? 2000 : 60_000);
    this.#job = job;
    this.#known = known;
    this.#pollMs = settings.pollMs ?? (local ? 200 : 5000);
    this.#startMs = Math.floor(job.window.startedUs / 1000 - marginMs);
    // A REST API's caller gives up after 29 s, and its invocation may end much later. The emulator has
    // settled when it is asked; ids tell whose lines they are.
    const upToNow = local && settings.insightsFrom === undefined;
    this.#endMs = upToNow ? null : Math.ceil(job.window.endedUs / 1000 + marginMs);
    this.#isOwn = ownReports(job, local ? 0 : 1000, marginMs);
    const insightsFrom = settings.insightsFrom ?? (local ? Number.POSITIVE_INFINITY : 25_000);
    this.#reader =
      job.expectedReports >= insightsFrom
        ? insightsReader(Math.min(1000, this.#pollMs), settings.queryRows)
        : filterReader;
  }

  async run(): Promise<Collected> {
    const { expectedReports, rawFolder, signal } = this.#job;
    const client = await logsClient(this.#known.aws, 2);
    const file = createRawFile(join(rawFolder, RAW_FILES.logs));
    const rows = new ReportRows(rawFolder);
    const tempFolder = join(rawFolder, 'report-rows-temp');
    try {
      let quiet = 0;
      for (;;) {
        const before = this.#written.size;
        await this.#readWindow(client, file, rows);
        const found = this.#written.size;
        quiet = found > before ? 0 : quiet + 1;
        if (found >= expectedReports || this.#stopped !== null) break;
        if (this.#notThere >= GONE_READS) break;
        if (quiet >= QUIET_READS && found >= 0.99 * expectedReports) break;
        if (this.#left() <= this.#pollMs) break;
        await pause(this.#pollMs, signal);
        signal.throwIfAborted();
      }
      await file.finish();
      // After the events: the merge takes rows that are not older.
      await rows.finish({ tempFolder, memoryMb: ROWS_MB });
      return this.#outcome();
    } finally {
      client.destroy();
      await file.discard();
      await rows.discard();
      await rm(tempFolder, { recursive: true, force: true });
    }
  }

  async #readWindow(client: ReadContext['client'], file: RawFile, rows: ReportRows): Promise<void> {
    const { signal } = this.#job;
    const context: ReadContext = {
      client,
      logGroup: this.#known.logGroup,
      startMs: this.#startMs,
      endMs: this.#endMs ?? Date.now() + 1,
      signal,
      damaged: (problem) =>
        this.#warnings.add('logs-damaged', 'doubtful', `a log event could not be read: ${problem}`),
    };
    const pages = this.#reader(context);
    for (;;) {
      let page: IteratorResult<RawLogEvent[]>;
      try {
        page = await pages.next();
      } catch (error) {
        signal.throwIfAborted();
        return this.#failed(error);
      }
      if (page.done === true) return;
      const events = this.#newEvents(page.value);
      if (events.length === 0) continue;
      await file.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      for (const { logStreamName, timestamp, message } of events) {
        await rows.add({ environment: logStreamName, timestampMs: timestamp, message });
      }
    }
  }

  #newEvents(events: readonly RawLogEvent[]): RawLogEvent[] {
    return events.filter((event) => {
      if (!isReport(event.message) || !this.#isOwn(event)) return false;
      const key = reportKey(event);
      if (this.#written.has(key)) return false;
      this.#written.add(key);
      return true;
    });
  }

  /** Read again from the start after the pause; a group that was just made may not be there yet. */
  #failed(error: unknown): void {
    const reason = callFailureText(error);
    if (this.#reader !== filterReader && callFailure(error) !== 'expired') {
      this.#reader = filterReader;
      this.#warnings.add(
        'insights-failed',
        'note',
        `Logs Insights could not be asked (${reason}): REPORT lines are read by FilterLogEvents`,
      );
      return;
    }
    if (isServiceError(error, 'ResourceNotFoundException')) this.#notThere += 1;
    this.#stopped = hopelessCall(error, 'CloudWatch Logs', 'logs:FilterLogEvents');
    this.#warnings.add('logs-call-failed', 'note', `reading log events failed: ${reason}`);
  }

  #outcome(): Collected {
    const { expectedReports } = this.#job;
    const found = this.#written.size;
    const complete = found >= expectedReports;
    if (!complete) {
      const why = this.#stopped === null ? 'in time' : `because ${this.#stopped}`;
      this.#warnings.add(
        'reports-missing',
        'doubtful',
        `${expectedReports - found} of ${expectedReports} REPORT lines were not found ${why}; "bench collect" reads what is there by then`,
      );
    }
    const unavailable = this.#stopped !== null && found === 0;
    return {
      collection: {
        collector: 'logs',
        expected: expectedReports,
        found,
        ended: complete ? 'complete' : unavailable ? 'unavailable' : 'deadline',
        tookMs: performance.now() - this.#startedAt,
        ...(this.#stopped === null ? {} : { message: this.#stopped }),
      },
      warnings: this.#warnings.list(),
    };
  }

  #left(): number {
    return this.#job.deadlineMs - (performance.now() - this.#startedAt);
  }
}
