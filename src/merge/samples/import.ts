import { RAW_FILES } from '../../model/raw.ts';
import type { Database } from '../../store/tables/database.ts';
import type { Problems } from '../problems.ts';
import { openSamples } from './csv-file.ts';
import type { RequestCounts } from './fields.ts';
import { importPacked } from './packed.ts';
import { importPivoted } from './pivot.ts';

/** What of the samples is not a row of `sent`. */
export interface SampleCounts extends RequestCounts {
  cutOff: boolean;
  /** Lines that have not the columns of the header. */
  rejected: number;
}

/**
 * Reads k6's samples into the table `sent`: one row per request, still with the ids that came back.
 * Throws ToolError where they are missing.
 */
export async function importSamples(
  database: Database,
  path: string,
  tempFolder: string,
): Promise<SampleCounts> {
  const file = openSamples(path, tempFolder);
  const counts = await (file.packed ? importPacked : importPivoted)(database, file);
  const { rejected } = await database.row<{ rejected: number }>(
    'select count(distinct line) as rejected from reject_errors',
  );
  return { cutOff: file.cutOff, rejected, ...counts };
}

/** Tells of what was damaged. */
export function tellSamples(counts: SampleCounts, problems: Problems): void {
  const tell = (times: number, description: string) =>
    problems.add(RAW_FILES.k6Samples, description, times);
  tell(Number(counts.cutOff), 'the last line is cut off');
  tell(counts.rejected, 'a line has not the columns of the header');
  tell(counts.malformed, 'a sample has no number where its time or value should be');
  tell(counts.oddOutcomes, 'a graphql_request sample has no known outcome');
}
