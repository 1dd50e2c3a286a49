import type { Band, PartsMs } from '../../model/analysis.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import type { Database } from '../../store/tables/database.ts';

const BANDS = [
  { band: 'median', fromQuantile: 0.45, toQuantile: 0.55 },
  { band: 'p90_p95', fromQuantile: 0.9, toQuantile: 0.95 },
  { band: 'p95_p99', fromQuantile: 0.95, toQuantile: 0.99 },
  { band: 'above_p99', fromQuantile: 0.99, toQuantile: 1 },
  { band: 'above_p999', fromQuantile: 0.999, toQuantile: 1 },
  { band: 'all', fromQuantile: 0, toQuantile: 1 },
] as const;

/**
 * Where time goes by band of latency. A request's band is its rank among the answered requests of
 * hold of its own trial: rank in (⌈n·from⌉, ⌈n·to⌉]. Means are over the requests of the band that have
 * a breakdown, of all trials. Where the front leaves no segment, network is 0 and front holds both.
 */
export async function readBands(database: Database): Promise<Band[]> {
  const found: Band[] = [];
  await database.run(`
    create or replace temp table ranked as
    select b.*, r.rank, r.n from (
      select trial, join_key, trace_id,
        row_number() over (partition by trial order by total_us, started_us) as rank,
        count(*) over (partition by trial) as n
      from requests where phase = 'hold' and outcome = 'ok') r
    join breakdown b on b.trial = r.trial and b.trace_id = r.trace_id`);
  const means = PARTS.map((part) => `avg(coalesce(${part}_us, 0)) / 1000 as ${part}`).join(', ');
  for (const { band, fromQuantile, toQuantile } of BANDS) {
    const row = await database.row<
      Record<Part, number | null> & { requests: number; cold: number; total: number | null }
    >(`select count(*) as requests, count(*) filter (cold) as cold,
        avg(total_us) / 1000 as total, ${means} from ranked
      where rank > ceil(n * ${fromQuantile} - 1e-9) and rank <= ceil(n * ${toQuantile} - 1e-9)`);
    found.push({
      band,
      fromQuantile,
      toQuantile,
      requests: row.requests,
      coldRequests: row.cold,
      meanPartsMs: Object.fromEntries(PARTS.map((part) => [part, row[part] ?? 0])) as PartsMs,
      meanTotalMs: row.total ?? 0,
    });
  }
  return found;
}
