import type { ColdStarts } from '../../model/cold-starts.ts';
import type { Figure } from '../../model/figure.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import type { Database } from '../../store/tables/database.ts';
import { noFigure, shareFigure } from '../figures/figure.ts';
import { NO_CALL } from './backends.ts';
import { TRACED } from './latencies.ts';
import { differenceFigure, medianFigure, type Quantity, readMedians } from './medians.ts';

const MOST_SAMPLES = 500;
/** Of them by whole latency, and as many by init, where there are more cold requests than samples. */
const SLOWEST_SAMPLES = 50;
const OTHER_SAMPLES = MOST_SAMPLES - 2 * SLOWEST_SAMPLES;

const NO_COLD_START = 'there was no cold start';
const NO_FIRST = 'no first invocation of an environment was traced and answered well';

/**
 * Cold starts of all phases; latencies are of requests that were answered well. In the scenario `cold`
 * a cold start is compared with the requests that follow it in the same environment (phase `warm`),
 * else with every warm request of the cell.
 */
export async function readColdStarts(
  database: Database,
  trials: readonly number[],
  profile: LoadProfile,
): Promise<ColdStarts> {
  const forced = profile.kind === 'cold';
  const counts = await database.row<Counts>(COUNTS);
  const later = forced ? `phase = 'warm'` : 'true';
  const requests = {
    init: { us: 'init_us', where: 'cold' },
    coldTotal: { us: 'total_us', where: `cold and outcome = 'ok'` },
    warmTotal: { us: 'total_us', where: `not cold and ${later} and outcome = 'ok'` },
    firstCall: { us: 'handler_us', where: `first_in_environment and ${TRACED}` },
    laterCall: { us: 'handler_us', where: `not first_in_environment and ${later} and ${TRACED}` },
    firstBackend: { us: 'backend_us', where: `first_in_environment and ${TRACED}` },
    laterBackend: {
      us: 'backend_us',
      where: `not first_in_environment and ${later} and ${TRACED}`,
    },
    prewarmedTotal: { us: 'total_us', where: `${PREWARMED} and outcome = 'ok'` },
  } satisfies Record<string, Quantity>;
  const reports = {
    // Billed in whole milliseconds, with the initialisation.
    billedInit: { us: 'billed_us - ceil(duration_us / 1000)::bigint * 1000', where: 'cold' },
    prewarmedInit: { us: 'init_us', where: 'prewarmed' },
  } satisfies Record<string, Quantity>;
  const medians = await readMedians(database, 'breakdown', requests);
  const reported = await readMedians(database, 'invocations', reports);
  const figure = (name: keyof typeof requests, nothing: string): Promise<Figure> =>
    medianFigure(database, 'breakdown', requests[name], medians[name], nothing);
  const reportedFigure = (name: keyof typeof reports, nothing: string): Promise<Figure> =>
    medianFigure(database, 'invocations', reports[name], reported[name], nothing);
  return {
    forced,
    share: forced
      ? noFigure(
          'share',
          'each cold start was made: their share says nothing',
          counts.known,
          trials.length,
        )
      : shareFigure(
          counts.cold,
          counts.known,
          trials.length,
          'no trace or REPORT line tells of environments',
        ),
    requests: counts.cold,
    environments: counts.environments,
    medianInitMs: await figure('init', NO_COLD_START),
    firstCallMs: await figure('firstCall', NO_FIRST),
    warmCallMs: await figure('laterCall', 'no later invocation was traced and answered well'),
    connectionMs: counts.called
      ? differenceFigure(
          medians.firstBackend,
          medians.laterBackend,
          'no trial has a first and a later invocation with a trace',
        )
      : noFigure('ms', NO_CALL),
    medianTotalMs: await figure('coldTotal', NO_COLD_START),
    penaltyMs: differenceFigure(
      medians.coldTotal,
      medians.warmTotal,
      'there was no cold start beside warm requests',
    ),
    billedInitMs: await reportedFigure('billedInit', 'no cold start has a REPORT line'),
    prewarmed: {
      requests: counts.prewarmed,
      medianInitMs: await reportedFigure('prewarmedInit', 'no environment was prewarmed'),
      medianTotalMs: await figure('prewarmedTotal', 'no environment was prewarmed'),
    },
    disagreements: counts.disagreements,
    samples: await database.rows<ColdStarts['samples'][number]>(SAMPLES),
  };
}

const PREWARMED = 'first_in_environment and not cold';

type Counts = {
  known: number;
  cold: number;
  prewarmed: number;
  called: boolean;
  environments: number;
  disagreements: number;
};

/**
 * A request is first in the breakdown if either says so, and an invocation if its REPORT line does:
 * they disagree where only the trace has an init, and where the REPORT line has one and the trace none.
 */
const COUNTS = `
  select count(*) as known, count(*) filter (cold) as cold,
    count(*) filter (${PREWARMED}) as prewarmed,
    coalesce(bool_or(backend_calls > 0), false) as called,
    (select count(distinct (trial, environment)) from invocations) as environments,
    (select count(*) from breakdown b
      join invocations i on i.trial = b.trial and i.request_id = b.request_id
      left join (select distinct trial, trace_id from spans where role = 'init') t
        on t.trial = b.trial and t.trace_id = b.trace_id
      where b.source = 'trace' and b.first_in_environment
        and i.first_in_environment <> (t.trace_id is not null)) as disagreements
  from breakdown`;

/** The slowest, so that none is lost, and an even choice of the others in the order they came. */
const SAMPLES = `
  with found as (
    select b.trial, (b.started_us - s.began) / 1e6 as "atS", b.total_us / 1000 as "totalMs",
      b.init_us / 1000 as "initMs", b.placement_us / 1000 as "placementMs", b.started_us,
      b.join_key,
      count(*) over () <= ${MOST_SAMPLES}
        or row_number() over (order by b.total_us desc, b.trial, b.join_key) <= ${SLOWEST_SAMPLES}
        or row_number() over (order by b.init_us desc, b.trial, b.join_key) <= ${SLOWEST_SAMPLES}
        as kept
    from breakdown b
    join (select trial, min(started_us) as began from requests group by trial) s on s.trial = b.trial
    where b.cold)
  select trial, "atS", "totalMs", "initMs", "placementMs" from found
  window others as (partition by kept order by trial, started_us, join_key)
  qualify kept
    or row_number() over others * ${OTHER_SAMPLES} // count(*) over (partition by kept)
      > (row_number() over others - 1) * ${OTHER_SAMPLES} // count(*) over (partition by kept)
  order by trial, started_us, join_key`;
