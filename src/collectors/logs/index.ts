import { join } from 'node:path';
import { isLoopback, logsClient } from '../../aws/clients.ts';
import { pause } from '../../aws/waiting.ts';
import { messageOf } from '../../base/errors.ts';
import type { Collector } from '../../model/ports.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { type Job, WarningCounts } from '../shared/job.ts';
import { createRawFile, type RawFile } from '../shared/raw-file.ts';
import { isReport, parsePage } from './envelope.ts';

/** REPORT lines in the text format or the JSON format; START, END and the handler's own are not read. */
const REPORTS = '?"REPORT RequestId" ?"platform.report"';

export interface LogsSettings {
  /** Between two reads of the window. @default 5000, on this machine 200 */
  pollMs?: number;
  /** Before and after the window: clocks differ, and a REPORT follows its answer. @default 60_000, on this machine 2000 */
  marginMs?: number;
}

/** Reads the function's log events of the window until the REPORT lines are there, or the deadline. */
export function createLogsCollector(settings: LogsSettings = {}): Collector {
  return { name: 'logs', collect: (job) => new LogCollection(job, settings).run() };
}

export const logsCollector: Collector = createLogsCollector();

type LogsClient = Awaited<ReturnType<typeof logsClient>>;
type Collected = Awaited<ReturnType<Collector['collect']>>;

class LogCollection {
  readonly #job: Job;
  readonly #pollMs: number;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #warnings = new WarningCounts();
  readonly #startedAt = performance.now();
  /** Ids of the events that were written: a later read of the window shows them again. */
  readonly #written = new Set<string>();
  #reports = 0;

  constructor(job: Job, settings: LogsSettings) {
    const local = isLoopback(job.endpoint.aws);
    const marginMs = settings.marginMs ?? (local ? 2000 : 60_000);
    this.#job = job;
    this.#pollMs = settings.pollMs ?? (local ? 200 : 5000);
    this.#startMs = Math.floor(job.window.startedUs / 1000 - marginMs);
    this.#endMs = Math.ceil(job.window.endedUs / 1000 + marginMs);
  }

  async run(): Promise<Collected> {
    const { expectedReports, rawFolder } = this.#job;
    const client = await logsClient(this.#job.endpoint.aws, 2);
    const file = createRawFile(join(rawFolder, RAW_FILES.logs));
    try {
      for (;;) {
        await this.#readWindow(client, file);
        if (this.#reports >= expectedReports || this.#left() <= this.#pollMs) break;
        await pause(this.#pollMs, this.#job.signal);
        this.#job.signal.throwIfAborted();
      }
      await file.finish();
      const complete = this.#reports >= expectedReports;
      if (!complete) {
        this.#warnings.add(
          'reports-missing',
          'doubtful',
          `${expectedReports - this.#reports} of ${expectedReports} REPORT lines were not found in time`,
        );
      }
      return {
        collection: {
          collector: 'logs',
          expected: expectedReports,
          found: this.#reports,
          ended: complete ? 'complete' : 'deadline',
          tookMs: performance.now() - this.#startedAt,
        },
        warnings: this.#warnings.list(),
      };
    } finally {
      client.destroy();
      await file.discard();
    }
  }

  async #readWindow(client: LogsClient, file: RawFile): Promise<void> {
    const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    let token: string | undefined;
    do {
      this.#job.signal.throwIfAborted();
      let answer: unknown;
      try {
        answer = await client.send(
          new FilterLogEventsCommand({
            logGroupName: this.#job.endpoint.logGroup,
            startTime: this.#startMs,
            endTime: this.#endMs,
            filterPattern: REPORTS,
            nextToken: token,
          }),
          { abortSignal: this.#job.signal },
        );
      } catch (error) {
        this.#job.signal.throwIfAborted();
        // Read again from the start after the pause; a group that was just made may not be there yet.
        this.#warnings.add(
          'logs-call-failed',
          'note',
          `FilterLogEvents failed: ${messageOf(error)}`,
        );
        return;
      }
      const page = parsePage(answer, (problem) =>
        this.#warnings.add('logs-damaged', 'doubtful', `a log event could not be read: ${problem}`),
      );
      let lines = '';
      for (const event of page.events) {
        if (this.#written.has(event.eventId)) continue;
        this.#written.add(event.eventId);
        if (isReport(event.message)) this.#reports += 1;
        lines += `${JSON.stringify(event)}\n`;
      }
      if (lines !== '') await file.write(lines);
      token = page.nextToken;
    } while (token !== undefined);
  }

  #left(): number {
    return this.#job.deadlineMs - (performance.now() - this.#startedAt);
  }
}
