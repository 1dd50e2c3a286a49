import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { Database, type DatabaseOptions } from '../tables/database.ts';
import { parseReport } from './report-line.ts';
import { RowFile } from './row-file.ts';

export const REPORT_COLUMNS = {
  request_id: 'VARCHAR',
  trace_id: 'VARCHAR',
  environment: 'VARCHAR',
  reported_us: 'BIGINT',
  init_us: 'BIGINT',
  duration_us: 'BIGINT',
  billed_us: 'BIGINT',
  memory_mb: 'INTEGER',
  max_memory_mb: 'INTEGER',
  status: 'VARCHAR',
  /** Why the line could not be read; the rest is null then. */
  problem: 'VARCHAR',
} as const;

/** A log event, as far as a REPORT line's row needs it. */
export interface ReportEvent {
  environment: string;
  timestampMs: number;
  message: string;
}

/** A trial's REPORT lines as rows: a Parquet file beside the raw events. */
export class ReportRows {
  readonly #rows: RowFile;

  constructor(folder: string) {
    this.#rows = new RowFile(join(folder, RAW_FILES.reportRows), REPORT_COLUMNS);
  }

  /** Adds the event's row where it is a REPORT line; more may be added when the promise resolves. */
  add({ environment, timestampMs, message }: ReportEvent): Promise<void> | undefined {
    const report = parseReport(message);
    if (report === null) return undefined;
    if ('problem' in report) {
      const nothing = Array.from({ length: 10 }, () => null);
      return this.#rows.add([...nothing, report.problem]);
    }
    return this.#rows.add([
      report.requestId,
      report.traceId,
      environment,
      timestampMs * 1000,
      report.initUs,
      report.durationUs,
      report.billedUs,
      report.memoryMb,
      report.maxMemoryMb,
      report.status,
      null,
    ]);
  }

  async finish(options: DatabaseOptions): Promise<void> {
    await this.#rows.close();
    const database = await Database.open(options);
    try {
      await this.#rows.publish(database, Object.keys(REPORT_COLUMNS));
    } finally {
      database.close();
    }
  }

  async discard(): Promise<void> {
    await this.#rows.discard();
  }
}
