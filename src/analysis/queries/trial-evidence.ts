import type { LoadProfile } from '../../model/scenario.ts';
import { quantileSorted } from '../../stats/quantile.ts';
import type { Database } from '../../store/tables/database.ts';
import { LEAST_STRETCH, STRETCHES_A_THIRD } from '../validity/drift.ts';
import type { TrialTables } from '../validity/evidence.ts';
import { hiddenByStalls } from '../validity/stalls.ts';
import { holdLatencies, MEASURED } from './latencies.ts';

const STRETCHES = 3 * STRETCHES_A_THIRD;

/** Seconds of hold that a rate belongs to; null where requests are sent one at a time. */
function holdSecondsOf(profile: LoadProfile): number | null {
  switch (profile.kind) {
    case 'users':
      return profile.overS;
    case 'cold':
      return null;
    case 'ramp':
    case 'closed':
    case 'burst':
      return profile.holdS;
  }
}

/** What the tables of each trial of the open cell say of its validity. */
export async function readTrialTables(
  database: Database,
  trials: readonly number[],
  profile: LoadProfile,
): Promise<Map<number, TrialTables>> {
  const rows = await database.rows<Row>(TABLES_BY_TRIAL);
  const stretches = await readStretches(database);
  const stalls = await readStalls(database, trials, profile);
  const holdS = holdSecondsOf(profile);
  return new Map(
    trials.map((trial) => {
      const { answered, ...known } = rows.find((row) => row.trial === trial) ?? NOTHING;
      const ratePerS = holdS === null || known.requests === 0 ? null : answered / holdS;
      return [
        trial,
        {
          ...known,
          ratePerS,
          stretchesMs: stretches.get(trial) ?? [],
          hiddenByStalls: stalls.get(trial) ?? null,
        },
      ];
    }),
  );
}

type Row = Record<
  | 'trial'
  | 'requests'
  | 'failed'
  | 'answered'
  | 'busyUs'
  | 'initUs'
  | 'breakdownRows'
  | 'holdReached'
  | 'holdWarm',
  number
>;

const NOTHING: Row = {
  trial: 0,
  requests: 0,
  failed: 0,
  answered: 0,
  busyUs: 0,
  initUs: 0,
  breakdownRows: 0,
  holdReached: 0,
  holdWarm: 0,
};

const TABLES_BY_TRIAL = `
  with sent as (
    select trial, count(*) as requests, count(*) filter (outcome <> 'ok') as failed,
      count(*) filter (phase = 'hold' and status > 0) as answered
    from requests group by trial),
  work as (
    select trial, sum(duration_us + coalesce(init_us, 0))::double as busy_us,
      sum(init_us)::double as init_us from invocations group by trial),
  parts as (
    select trial, count(*) as known, count(*) filter (phase = 'hold') as hold,
      count(*) filter (phase = 'hold' and not cold) as warm from breakdown group by trial)
  select trial, requests, failed, answered, coalesce(busy_us, 0) as "busyUs",
    coalesce(init_us, 0) as "initUs", coalesce(known, 0) as "breakdownRows",
    coalesce(hold, 0) as "holdReached", coalesce(warm, 0) as "holdWarm"
  from sent left join work using (trial) left join parts using (trial)`;

/** Of trials in which each stretch has enough requests. */
async function readStretches(database: Database): Promise<Map<number, number[]>> {
  const rows = await database.rows<{ trial: number; ms: number; n: number }>(`
    with ends as (
      select trial, min(started_us) as first_us, max(started_us) as last_us
      from requests where ${MEASURED} group by trial)
    select trial, (started_us - first_us) * ${STRETCHES} // (last_us - first_us + 1) as stretch,
      quantile_disc(total_us, 0.5) / 1000 as ms, count(*) as n
    from requests join ends using (trial) where ${MEASURED}
    group by trial, stretch order by trial, stretch`);
  const found = new Map<number, number[]>();
  for (const { trial, ms, n } of rows) {
    if (n >= LEAST_STRETCH && ms > 0) found.set(trial, [...(found.get(trial) ?? []), ms]);
  }
  return found;
}

async function readStalls(
  database: Database,
  trials: readonly number[],
  profile: LoadProfile,
): Promise<Map<number, number | null>> {
  if (profile.kind !== 'closed') return new Map();
  const hold = await holdLatencies(database, trials);
  return new Map(
    hold.map(({ trial, sortedMs }) => {
      const intervalMs = (quantileSorted(sortedMs, 0.5) ?? 0) + profile.thinkTimeS * 1000;
      return [trial, hiddenByStalls(sortedMs, intervalMs)];
    }),
  );
}
