import type { Database } from '../../store/tables/database.ts';

/**
 * Requests of one trial, of all phases but for `hold`. Of `known` a trace or a REPORT line was found;
 * `cold` are those of them that felt a cold start.
 */
type TrialCounts = Record<'requests' | 'failures' | 'known' | 'cold' | 'hold', number>;

export async function readTrialCounts(database: Database): Promise<Map<number, TrialCounts>> {
  const rows = await database.rows<TrialCounts & { trial: number }>(
    `select r.trial, count(*) as requests, count(*) filter (r.outcome <> 'ok') as failures,
       count(b.join_key) as known,
       count(*) filter (b.cold) as cold, count(*) filter (r.phase = 'hold') as hold
     from requests r left join breakdown b on b.trial = r.trial and b.join_key = r.join_key
     group by r.trial`,
  );
  return new Map(rows.map(({ trial, ...counts }) => [trial, counts]));
}
