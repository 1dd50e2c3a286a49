import type { Burst } from '../../model/cold-starts.ts';
import type { Figure } from '../../model/figure.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import type { Database } from '../../store/tables/database.ts';
import { burstFinding } from '../cold/burst-finding.ts';
import { leastForQuantile, noFigure, trialsFigure } from '../figures/figure.ts';
import { readBurstPoints } from './burst-points.ts';

/** A cold start later than this share of the trial: it may not have been the last. */
const LATE = 0.8;

/** The course of each trial of a burst since its first request; null of any other load. */
export async function readBurst(
  database: Database,
  trials: readonly number[],
  profile: LoadProfile,
): Promise<Burst | null> {
  if (profile.kind !== 'burst') return null;
  await database.run(PLACED);
  const courses = await database.rows<Course>(COURSES);
  const untilWarmS = warmFigure(courses);
  const environments = environmentsFigure(courses);
  return {
    ...(await readBurstPoints(database, courses)),
    untilWarmS,
    environments,
    finding: burstFinding({
      untilWarmS,
      environments,
      ...(await p95AroundWarm(database)),
      trials: trials.length,
      notWarm: courses.filter(isLate).length,
    }),
  };
}

/**
 * Instants in µs since the trial's first request, on the client's clock. Where an invocation lies within
 * its request is told by the parts: after connecting, sending, placement and init; what is front, network
 * or unexplained is taken to be spent half before and half after.
 */
const PLACED = `
  create or replace temp table burst_requests as
  select r.trial, r.outcome, r.total_us, coalesce(b.cold, false) as cold,
    coalesce(b.first_in_environment, false) as first,
    r.started_us - min(r.started_us) over (partition by r.trial) as at_us,
    at_us + coalesce(r.blocked_us, 0) + coalesce(r.sending_us, 0) + b.placement_us + b.init_us
      + (b.front_us + coalesce(b.network_us, 0) + b.unexplained_us) // 2 as from_us,
    from_us + b.handler_us + b.backend_us + b.overhead_us as to_us
  from requests r left join breakdown b on b.trial = r.trial and b.join_key = r.join_key`;

type Course = {
  trial: number;
  /** The start of the last request. */
  last_us: number;
  known: number;
  environments: number;
  last_cold_us: number | null;
  warm_us: number | null;
};

const COURSES = `
  select trial, max(at_us) as last_us, count(from_us) as known,
    count(*) filter (first) as environments, max(at_us) filter (cold) as last_cold_us,
    max(at_us + total_us) filter (cold) as warm_us
  from burst_requests group by trial order by trial`;

function isLate({ last_us, last_cold_us }: Course): boolean {
  return last_cold_us !== null && last_cold_us > LATE * last_us;
}

function warmFigure(courses: readonly Course[]): Figure {
  const warm = courses.flatMap(({ warm_us }) => (warm_us === null ? [] : [warm_us / 1e6]));
  const known = courses.reduce((sum, course) => sum + course.known, 0);
  if (known === 0) return noFigure('s', 'no trace or REPORT line tells of cold starts');
  if (warm.length === 0)
    return noFigure('s', 'no request felt a cold start', known, courses.length);
  const figure = trialsFigure(warm, 's', known);
  const late = courses.filter(isLate).length;
  const notes = [
    figure.note,
    warm.length < courses.length &&
      `${courses.length - warm.length} of ${courses.length} trials had no cold start`,
    late > 0 && `not warm by the end in ${late} of ${courses.length} trials`,
  ].filter((note) => typeof note === 'string');
  return notes.length === 0 ? figure : { ...figure, note: notes.join('; ') };
}

function environmentsFigure(courses: readonly Course[]): Figure {
  const known = courses.filter((course) => course.known > 0);
  const counts = known.map(({ environments }) => environments);
  if (known.length === 0) return noFigure('count', 'no trace or REPORT line tells of environments');
  return trialsFigure(
    counts,
    'count',
    counts.reduce((sum, count) => sum + count, 0),
  );
}

/** Of answered requests sent before and after the answer of the trial's last cold request. */
async function p95AroundWarm(database: Database): Promise<{ beforeMs: Figure; afterMs: Figure }> {
  const rows = await database.rows<{
    before_n: number;
    after_n: number;
    before_ms: number | null;
    after_ms: number | null;
  }>(`
    with warm as (
      select trial, max(at_us + total_us) filter (cold) as warm_us from burst_requests group by trial)
    select count(*) filter (at_us < warm_us) as before_n,
      count(*) filter (at_us >= warm_us) as after_n,
      quantile_disc(total_us, 0.95 - 1e-10) filter (at_us < warm_us) / 1000 as before_ms,
      quantile_disc(total_us, 0.95 - 1e-10) filter (at_us >= warm_us) / 1000 as after_ms
    from burst_requests join warm using (trial) where outcome = 'ok' group by trial order by trial`);
  const figure = (of: 'before' | 'after') => {
    const enough = rows.filter((row) => row[`${of}_n`] >= leastForQuantile(0.95));
    if (enough.length < rows.length)
      return noFigure('ms', 'a trial has too few requests for a p95');
    return trialsFigure(
      enough.map((row) => row[`${of}_ms`] as number),
      'ms',
      enough.reduce((sum, row) => sum + row[`${of}_n`], 0),
    );
  };
  return { beforeMs: figure('before'), afterMs: figure('after') };
}
