import type { CellAnalysis } from '../../model/analysis.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { noFigure, quantileFigure } from '../figures/figure.ts';
import { HOLD_TRACED, medianOf, NO_CALL } from './backends.ts';
import { perTrialAndGroup, TRACED } from './latencies.ts';

/**
 * Figures by operation: counts over all phases, latency from hold, calls to the backend from the traces
 * of all phases.
 */
export async function byOperation(
  database: Database,
  trials: readonly number[],
): Promise<CellAnalysis['byOperation']> {
  const rows = await database.rows<{
    operation: string;
    requests: number;
    failures: number;
    traced: number | null;
    median: number | null;
    mean: number | null;
    max: number | null;
  }>(`
    select r.operation, r.requests, r.failures, b.traced, b.median, b.mean, b.max
    from (select operation, count(*) as requests, count(*) filter (outcome <> 'ok') as failures
      from requests group by operation) r
    left join (select operation, count(*) as traced, quantile_disc(backend_calls, 0.5) as median,
        avg(backend_calls)::double as mean, max(backend_calls) as max
      from breakdown where ${TRACED} group by operation) b
      on b.operation = r.operation
    order by r.requests desc, r.operation`);
  const anyCall = rows.some(({ max }) => (max ?? 0) > 0);
  const names = rows.map(({ operation }) => literal(operation));
  const number = `list_position([${names}], operation) - 1`;
  const byTotal = await perTrialAndGroup(
    database,
    trials,
    'total_us / 1000',
    'ranked where true',
    number,
    rows.length,
  );
  const byBackend = await perTrialAndGroup(
    database,
    trials,
    'backend_us / 1000',
    `breakdown where ${HOLD_TRACED}`,
    number,
    rows.length,
  );
  return rows.map(({ operation, requests, failures, traced, median, mean, max }, index) => {
    // Where another operation's calls are traced, no call is none.
    const called = anyCall && traced !== null;
    const sorted = (byTotal[index] ?? []).map(({ sortedMs }) => sortedMs);
    return {
      operation,
      requests,
      failures,
      p50: quantileFigure(sorted, 0.5),
      p95: quantileFigure(sorted, 0.95),
      p99: quantileFigure(sorted, 0.99),
      medianBackendCalls: called ? median : null,
      meanBackendCalls: called ? mean : null,
      maxBackendCalls: called ? max : null,
      medianBackendMs: called
        ? medianOf(byBackend[index] ?? [])
        : noFigure('ms', traced === null ? 'no request was traced' : NO_CALL),
    };
  });
}
