import { RAW_FILES } from '../../model/raw.ts';
import type { Database } from '../../store/tables/database.ts';
import type { Problems } from '../problems.ts';
import { openSamples } from './csv-file.ts';
import type { RequestCounts } from './fields.ts';
import { importPacked, pickRequests } from './packed.ts';
import { importPivoted } from './pivot.ts';

/** What of the samples is not a row of `sent`. */
export interface SampleCounts extends RequestCounts {
  cutOff: boolean;
  /** Lines that have not the columns of the header. */
  rejected: number;
}

/** Makes the view `sent`: one row per request, still with the ids that came back. */
export type MakeSent = (database: Database) => Promise<SampleCounts>;

/**
 * Reads k6's samples, as far as that needs no database.
 * Throws ToolError where they are missing.
 */
export async function readSamples(path: string, tempFolder: string): Promise<MakeSent> {
  const file = openSamples(path, tempFolder);
  const { cutOff } = file;
  if (file.packed) {
    const picked = await pickRequests(file, tempFolder);
    return async (database) => ({
      ...(await importPacked(database, file, picked)),
      cutOff,
      rejected: 0,
    });
  }
  return async (database) => {
    const counts = await importPivoted(database, file);
    const { rejected } = await database.row<{ rejected: number }>(
      'select count(distinct line) as rejected from reject_errors',
    );
    return { ...counts, cutOff, rejected };
  };
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
