import type { Burst } from '../../model/cold-starts.ts';
import type { Database } from '../../store/tables/database.ts';
import { leastForQuantile } from '../figures/figure.ts';

const MOST_POINTS = 60;
const BINS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 3600] as const;

type Point = Burst['points'][number];

/**
 * Every bin of every trial, those without a request, too, from the table `burst_requests` of `readBurst`.
 * `last_us` is the start of the trial's last request.
 */
export async function readBurstPoints(
  database: Database,
  courses: readonly { trial: number; last_us: number }[],
): Promise<Pick<Burst, 'binS' | 'points'>> {
  const lengthUs = Math.max(0, ...courses.map(({ last_us }) => last_us));
  const binS =
    BINS_S.find((s) => lengthUs < s * 1e6 * MOST_POINTS) ?? Math.ceil(lengthUs / 1e6 / MOST_POINTS);
  const bin = (us: string) => `floor(${us} / ${binS * 1e6})::integer`;
  const byBin = await database.rows<Omit<Point, 'atS'> & { bin: number }>(`
    select trial, ${bin('at_us')} as bin, count(*) as requests,
      count(*) filter (outcome <> 'ok') as failures, count(*) filter (cold) as cold,
      quantile_disc(total_us, 0.5) filter (outcome = 'ok') / 1000 as "p50Ms",
      case when count(*) filter (outcome = 'ok') >= ${leastForQuantile(0.95)}
        then quantile_disc(total_us, 0.95 - 1e-10) filter (outcome = 'ok') / 1000 end as "p95Ms",
      max(total_us) filter (outcome = 'ok') / 1000 as "maxMs"
    from burst_requests group by all`);
  const started = await database.rows<{ trial: number; bin: number; started: number }>(
    `select trial, ${bin('from_us')} as bin, count(*) as started from burst_requests
     where first and from_us is not null group by all`,
  );
  // Ends before starts of the same instant: one after the other is not two at once.
  const busy = await database.rows<{ trial: number; bin: number; most: number; last: number }>(`
    with events as (
      select trial, from_us as at_us, 1 as step from burst_requests where from_us is not null
      union all
      select trial, to_us, -1 from burst_requests where from_us is not null),
    running as (
      select trial, at_us, step,
        sum(step) over (partition by trial order by at_us, step rows unbounded preceding) as busy
      from events)
    select trial, ${bin('at_us')} as bin, max(busy)::integer as most,
      arg_max(busy, (at_us, step))::integer as last
    from running group by all`);
  const key = ({ trial, bin }: { trial: number; bin: number }) => `${trial}/${bin}`;
  const requestsOf = new Map(byBin.map((row) => [key(row), row]));
  const startedOf = new Map(started.map((row) => [key(row), row.started]));
  const busyOf = new Map(busy.map((row) => [key(row), row]));
  const points = courses.flatMap(({ trial, last_us }) => {
    let environmentsStarted = 0;
    let stillBusy = 0;
    return Array.from({ length: Math.floor(last_us / (binS * 1e6)) + 1 }, (_, index): Point => {
      const at = key({ trial, bin: index });
      const requests = requestsOf.get(at);
      const work = busyOf.get(at);
      environmentsStarted += startedOf.get(at) ?? 0;
      const environmentsBusy = Math.max(stillBusy, work?.most ?? 0);
      stillBusy = work?.last ?? stillBusy;
      return {
        trial,
        // Multiples of a tenth have no exact sum.
        atS: Number((index * binS).toFixed(6)),
        requests: requests?.requests ?? 0,
        failures: requests?.failures ?? 0,
        cold: requests?.cold ?? 0,
        p50Ms: requests?.p50Ms ?? null,
        p95Ms: requests?.p95Ms ?? null,
        maxMs: requests?.maxMs ?? null,
        environmentsStarted,
        environmentsBusy,
      };
    });
  });
  return { binS, points };
}
