import type { CellAnalysis } from '../../model/analysis.ts';
import type { Database } from '../../store/tables/database.ts';

const MOST_BINS = 300;

/** The course of each trial, in bins of a second or more; an instant is a request's start. */
export async function readTimeline(database: Database): Promise<CellAnalysis['timeline']> {
  const { length } = await database.row<{ length: number | null }>(`
    select max(s) as length from (
      select (max(started_us) - min(started_us)) / 1e6 as s from requests group by trial)`);
  const binS = Math.max(1, Math.ceil((length ?? 0) / MOST_BINS));
  const points = await database.rows<CellAnalysis['timeline']['points'][number]>(`
    with placed as (
      select r.trial, r.phase, r.outcome, r.total_us, coalesce(b.cold, false) as cold,
        floor((r.started_us - min(r.started_us) over (partition by r.trial)) / 1e6 / ${binS})
          * ${binS} as at_s
      from requests r left join breakdown b on b.trial = r.trial and b.trace_id = r.trace_id)
    select trial, at_s as "atS", mode(phase) as phase, count(*) as requests,
      count(*) filter (outcome <> 'ok') as failures, count(*) filter (cold) as cold,
      quantile_disc(total_us, 0.5) filter (outcome = 'ok') / 1000 as "p50Ms",
      max(total_us) filter (outcome = 'ok') / 1000 as "maxMs"
    from placed group by trial, at_s order by trial, at_s`);
  return { binS, points };
}
