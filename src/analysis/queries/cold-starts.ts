import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { quantileSorted } from '../../stats/quantile.ts';
import type { Database } from '../../store/tables/database.ts';
import { noFigure, quantileFigure, shareFigure, trialsFigure } from '../figures/figure.ts';
import { perTrial, type TrialLatencies } from './latencies.ts';

const MOST_SAMPLES = 2000;

/** Cold starts of all phases. Latencies are of requests that were answered well. */
export async function readColdStarts(
  database: Database,
  trials: readonly number[],
): Promise<CellAnalysis['coldStarts']> {
  const { known, cold } = await database.row<{ known: number; cold: number }>(
    'select count(*) as known, count(*) filter (cold) as cold from breakdown',
  );
  const invocations = await database.row<{ prewarmed: number; environments: number }>(
    `select count(*) filter (prewarmed) as prewarmed,
      count(distinct (trial, environment)) as environments from invocations`,
  );
  const init = await perTrial(database, trials, 'init_us / 1000', 'breakdown where cold');
  const coldMs = await perTrial(
    database,
    trials,
    'total_us / 1000',
    `breakdown where cold and outcome = 'ok'`,
  );
  const warmMs = await perTrial(
    database,
    trials,
    'total_us / 1000',
    `breakdown where not cold and outcome = 'ok'`,
  );
  const samples = await database.rows<CellAnalysis['coldStarts']['samples'][number]>(`
    select b.trial, (b.started_us - s.began) / 1e6 as "atS", b.total_us / 1000 as "totalMs",
      b.init_us / 1000 as "initMs", b.placement_us / 1000 as "placementMs"
    from breakdown b
    join (select trial, min(started_us) as began from requests group by trial) s
      on s.trial = b.trial
    where b.cold order by b.trial, b.started_us limit ${MOST_SAMPLES}`);
  return {
    forced: false,
    firstCallMs: noFigure('ms', 'not computed yet'),
    warmCallMs: noFigure('ms', 'not computed yet'),
    connectionMs: noFigure('ms', 'not computed yet'),
    billedInitMs: noFigure('ms', 'not computed yet'),
    disagreements: 0,
    share: shareFigure(cold, known, trials.length, 'no trace or REPORT line tells of environments'),
    requests: cold,
    prewarmed: {
      requests: invocations.prewarmed,
      medianInitMs: noFigure('ms', 'not computed yet'),
      medianTotalMs: noFigure('ms', 'not computed yet'),
    },
    environments: invocations.environments,
    medianInitMs: medianFigure(init),
    medianTotalMs: medianFigure(coldMs),
    penaltyMs: penalty(coldMs, warmMs),
    samples,
  };
}

function medianFigure(values: readonly TrialLatencies[]): Figure {
  if (values.every(({ sortedMs }) => sortedMs.length === 0)) {
    return noFigure('ms', 'there was no cold start');
  }
  return quantileFigure(
    values.map(({ sortedMs }) => sortedMs),
    0.5,
  );
}

/** Median of the cold minus median of the warm, a trial; the mean over trials, as it may be negative. */
function penalty(cold: readonly TrialLatencies[], warm: readonly TrialLatencies[]): Figure {
  const differences: number[] = [];
  let n = 0;
  for (const [index, { sortedMs }] of cold.entries()) {
    const coldMedian = quantileSorted(sortedMs, 0.5);
    const warmMedian = quantileSorted(warm[index]?.sortedMs ?? [], 0.5);
    if (coldMedian === null || warmMedian === null) continue;
    differences.push(coldMedian - warmMedian);
    n += sortedMs.length;
  }
  if (differences.length === 0)
    return noFigure('ms', 'there was no cold start beside warm requests');
  return trialsFigure(differences, 'ms', n, 'arithmetic');
}
