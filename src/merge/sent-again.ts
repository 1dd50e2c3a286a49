import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES } from '../model/raw.ts';
import { Database, literal } from '../store/tables/database.ts';
import { readLoad, type SentLoad } from './samples/load.ts';

/**
 * What a trial sent, once it was merged: from its samples where they were kept, else from its
 * requests.parquet, by the rules of readLoad. null where there are neither.
 */
export async function readSent(trialFolder: string): Promise<SentLoad | null> {
  const rawFolder = join(trialFolder, 'raw');
  if (existsSync(join(rawFolder, RAW_FILES.k6Samples))) {
    return readLoad(rawFolder, { keep: false });
  }
  const requests = join(trialFolder, 'requests.parquet');
  if (!existsSync(requests)) return null;
  const tempFolder = join(trialFolder, 'sent-temp');
  const database = await Database.open({ tempFolder });
  try {
    await database.run(`
      create table sent as select trace_id, status, total_us, blocked_us, started_us,
        coalesce(sampled, true) as sampled
      from (select null::boolean as sampled where false
        union all by name select * from read_parquet(${literal(requests)}))`);
    const traceIds = await database.texts(`
      select trace_id from sent
      where sampled and trace_id is not null
        and status not in (429, 503) and (status > 0 or total_us > blocked_us)
      order by started_us`);
    const { n } = await database.row<{ n: number }>(
      'select count(*) as n from sent where status > 0 and status not in (403, 404, 413, 429, 503)',
    );
    return { traceIds, expectedReports: n };
  } finally {
    database.close();
    rmSync(tempFolder, { recursive: true, force: true });
  }
}
