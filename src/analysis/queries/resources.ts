import type { CellAnalysis } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import type { Database } from '../../store/tables/database.ts';
import { noFigure, plainFigure, quantileFigure } from '../figures/figure.ts';
import { perTrial } from './latencies.ts';

/** What the REPORT lines say of memory and billing. */
export async function readMemory(
  database: Database,
  trials: readonly number[],
): Promise<CellAnalysis['memory']> {
  const used = await database.row<{ mb: number | null; n: number }>(
    'select max(max_memory_mb) as mb, count(max_memory_mb) as n from invocations',
  );
  const billed = await perTrial(database, trials, 'billed_us / 1000', 'invocations where true');
  return {
    usedMaxMb:
      used.mb === null
        ? noFigure('mb', 'no REPORT line was read')
        : plainFigure(used.mb, 'mb', used.n, trials.length, 'a largest value; it has no interval'),
    billedMsMedian: billed.every(({ sortedMs }) => sortedMs.length === 0)
      ? noFigure('ms', 'no REPORT line was read')
      : quantileFigure(
          billed.map(({ sortedMs }) => sortedMs),
          0.5,
        ),
  };
}

/** How well the breakdown explains the totals. */
export async function readExplained(
  database: Database,
  trials: readonly number[],
): Promise<CellAnalysis['explained']> {
  const unexplained = await perTrial(
    database,
    trials,
    'abs(unexplained_us) / 1000',
    `breakdown where source = 'trace' and outcome = 'ok'`,
  );
  const sum = PARTS.map((part) => `coalesce(${part}_us, 0)`).join(' + ');
  const { error } = await database.row<{ error: number | null }>(
    `select max(abs(total_us - (${sum}))) / 1000 as error from breakdown`,
  );
  return {
    medianUnexplainedMs: unexplained.every(({ sortedMs }) => sortedMs.length === 0)
      ? noFigure('ms', 'no request was traced')
      : quantileFigure(
          unexplained.map(({ sortedMs }) => sortedMs),
          0.5,
        ),
    maxSumErrorMs: error ?? 0,
  };
}

/** Time environments were at work for requests: durations and inits of all invocations. */
export async function readBusyUs(database: Database): Promise<{ busyUs: number; initUs: number }> {
  return database.row<{ busyUs: number; initUs: number }>(`
    select coalesce(sum(duration_us + coalesce(init_us, 0)), 0)::double as "busyUs",
      coalesce(sum(init_us), 0)::double as "initUs" from invocations`);
}
