import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { LOST } from './fields.ts';
import { type MakeSent, readSamples } from './import.ts';
import { keptRequests } from './kept-requests.ts';

/**
 * A trial's requests: as readLoad kept them, else from k6's samples; where those are gone, from the
 * requests.parquet of the earlier merge.
 * Throws ToolError where there are neither.
 */
export async function readRequests(trialFolder: string, tempFolder: string): Promise<MakeSent> {
  const rawFolder = join(trialFolder, 'raw');
  const csv = join(rawFolder, RAW_FILES.k6Samples);
  const earlier = join(trialFolder, 'requests.parquet');
  if (!existsSync(csv) && existsSync(earlier)) return (database) => mergedBefore(database, earlier);
  return keptRequests(rawFolder) ?? readSamples(csv, tempFolder);
}

async function mergedBefore(database: Database, path: string) {
  await database.run(`
    create view sent as
    select * exclude (trace_id, sampled), trace_id as sent_trace_id,
      null::varchar as returned_trace_id, false as odd_outcome, coalesce(sampled, true) as sampled
    -- Files of earlier versions do not say who was sampled (all were), nor when the first byte came.
    from (select null::boolean as sampled, null::bigint as first_byte_us where false
      union all by name select * from read_parquet(${literal(path)}))`);
  const { lostSamples } = await database.row<{ lostSamples: number }>(
    `select ${LOST} as "lostSamples" from sent`,
  );
  const none = { unfinished: 0, malformed: 0, oddOutcomes: 0, rejected: 0, cutOff: false };
  return { ...none, lostSamples };
}
