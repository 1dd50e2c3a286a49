import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { Database, type DatabaseOptions } from '../../store/tables/database.ts';
import { readSamples } from './import.ts';
import { keepRequests } from './kept-requests.ts';

/** What was sent, and so what the collectors are to find. */
export interface SentLoad {
  /**
   * Of the requests that were sent to be traced, in order; the id that came back where it is another one.
   */
  traceIds: string[];
  /** Requests an environment must have answered, so whose REPORT line must come. */
  expectedReports: number;
}

export interface ReadLoadOptions extends Partial<DatabaseOptions> {
  /** Keep what was read of the samples for the merge, which then need not read them again. @default true */
  keep?: boolean;
}

/**
 * Reads the k6 samples of a trial's raw folder before anything is collected. Requests that never
 * left (a failed dial), were throttled (429) or refused by the host (503) are not expected to leave a
 * trace; those the front turned away (403, 404, 413) leave no REPORT line.
 * Throws ToolError where the samples are missing.
 */
export async function readLoad(
  rawFolder: string,
  { keep = true, ...options }: ReadLoadOptions = {},
): Promise<SentLoad> {
  const tempFolder = options.tempFolder ?? join(rawFolder, 'merge-temp');
  const database = await Database.open({ ...options, tempFolder });
  try {
    const samples = join(rawFolder, RAW_FILES.k6Samples);
    const makeSent = await readSamples(samples, tempFolder);
    const counts = await makeSent(database);
    if (keep) await keepRequests(database, rawFolder, counts);
    const traceIds = await database.texts(`
      select coalesce(returned_trace_id, sent_trace_id) from sent
      where sampled and status not in (429, 503) and (status > 0 or total_us > blocked_us)
      order by started_us`);
    const { n } = await database.row<{ n: number }>(
      `select count(*) as n from sent where status > 0 and status not in (403, 404, 413, 429, 503)`,
    );
    return { traceIds, expectedReports: n };
  } finally {
    database.close();
    if (options.tempFolder === undefined) rmSync(tempFolder, { recursive: true, force: true });
  }
}
