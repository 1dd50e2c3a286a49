import type { CellAnalysis } from '../../model/analysis.ts';
import type { Database } from '../../store/tables/database.ts';
import { noFigure, quantileFigure, trialsFigure } from '../figures/figure.ts';
import { perTrial, TRACED, type TrialLatencies } from './latencies.ts';
import { medianFigure, readMedians, type TrialMedians } from './medians.ts';

/** Requests whose calls to the backend are known: only a trace holds them. */
export const HOLD_TRACED = `phase = 'hold' and ${TRACED}`;

export const NO_CALL = 'no call of the handler was traced; backend time is part of handler';

export interface BackendTimes {
  figures: CellAnalysis['backend'];
  /** Median milliseconds a request spent in calls, a trial; empty where no call was traced. */
  medians: TrialMedians[];
}

/**
 * Calls to the backend and their time per request. Without any call there is no 0: a handler whose
 * calls are not traced and one that makes none look the same.
 */
export async function readBackend(
  database: Database,
  trials: readonly number[],
): Promise<BackendTimes> {
  const rows = await database.rows<{ trial: number; n: number; calls: number; mean: number }>(
    `select trial, count(*) as n, sum(backend_calls)::double as calls,
      avg(backend_calls)::double as mean
     from breakdown where ${HOLD_TRACED} group by trial order by trial`,
  );
  const tracedRequests = rows.reduce((sum, { n }) => sum + n, 0);
  const called = rows.some(({ calls }) => calls > 0);
  if (!called) {
    const note = tracedRequests === 0 ? 'no request was traced' : NO_CALL;
    const none = (unit: 'count' | 'ms') => noFigure(unit, note, tracedRequests, rows.length);
    const figures = {
      tracedRequests,
      callsMean: none('count'),
      callsMedian: none('count'),
      medianMs: none('ms'),
    };
    return { figures, medians: [] };
  }
  const callsByTrial = await perTrial(
    database,
    trials,
    'backend_calls',
    `breakdown where ${HOLD_TRACED}`,
  );
  const quantity = { us: 'backend_us', where: HOLD_TRACED };
  const { medians } = await readMedians(database, 'breakdown', { medians: quantity });
  return {
    figures: {
      tracedRequests,
      callsMean: trialsFigure(
        rows.map(({ mean }) => mean),
        'count',
        tracedRequests,
        'arithmetic',
      ),
      callsMedian: { ...medianOf(callsByTrial), unit: 'count' },
      medianMs: await medianFigure(database, 'breakdown', quantity, medians, NO_CALL),
    },
    medians,
  };
}

export function medianOf(trials: readonly TrialLatencies[]) {
  return quantileFigure(
    trials.map(({ sortedMs }) => sortedMs),
    0.5,
  );
}
