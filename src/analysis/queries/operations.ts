import type { CellAnalysis } from '../../model/analysis.ts';
import type { Database } from '../../store/tables/database.ts';
import { quantileFigure } from '../figures/figure.ts';
import { holdLatencies } from './latencies.ts';

/** Figures by operation: counts over all phases, latency from hold. */
export async function byOperation(
  database: Database,
  trials: readonly number[],
): Promise<CellAnalysis['byOperation']> {
  const rows = await database.rows<{
    operation: string;
    requests: number;
    failures: number;
    calls: number | null;
  }>(`
    select r.operation, r.requests, r.failures, b.calls
    from (select operation, count(*) as requests, count(*) filter (outcome <> 'ok') as failures
      from requests group by operation) r
    left join (select operation, quantile_disc(backend_calls, 0.5) as calls from breakdown
      where outcome = 'ok' group by operation) b on b.operation = r.operation
    order by r.requests desc, r.operation`);
  const found: CellAnalysis['byOperation'] = [];
  for (const { operation, requests, failures, calls } of rows) {
    const latencies = await holdLatencies(database, trials, operation);
    const sorted = latencies.map(({ sortedMs }) => sortedMs);
    found.push({
      operation,
      requests,
      failures,
      p50: quantileFigure(sorted, 0.5),
      p95: quantileFigure(sorted, 0.95),
      p99: quantileFigure(sorted, 0.99),
      medianBackendCalls: calls,
    });
  }
  return found;
}
