import type { CellAnalysis } from '../../model/analysis.ts';
import type { Database } from '../../store/tables/database.ts';

/** The course of each trial, in at most `mostBins` bins of a second or more; an instant is a request's start. */
export async function readTimeline(
  database: Database,
  mostBins: number,
): Promise<CellAnalysis['timeline']> {
  const { length } = await database.row<{ length: number | null }>(`
    select max(s) as length from (
      select (max(started_us) - min(started_us)) / 1e6 as s from requests group by trial)`);
  const binS = Math.max(1, Math.ceil((length ?? 0) / mostBins));
  const points = await database.rows<CellAnalysis['timeline']['points'][number]>(`
    with placed as (
      select r.trial, r.phase, r.outcome, r.total_us, b.join_key is not null as cold,
        (r.started_us - s.first_us) // ${binS * 1e6} as bin
      from requests r
      join (select trial, min(started_us) as first_us from requests group by trial) s
        on s.trial = r.trial
      left join (select trial, join_key from breakdown where cold) b
        on b.trial = r.trial and b.join_key = r.join_key)
    select trial, bin * ${binS} as "atS", mode(phase) as phase, count(*) as requests,
      count(*) filter (outcome <> 'ok') as failures, count(*) filter (cold) as cold,
      quantile_disc(total_us, 0.5) filter (outcome = 'ok') / 1000 as "p50Ms",
      max(total_us) filter (outcome = 'ok') / 1000 as "maxMs"
    from placed group by trial, bin order by trial, bin`);
  return { binS, points };
}
