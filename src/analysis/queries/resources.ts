import type { CellAnalysis } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import type { Database } from '../../store/tables/database.ts';
import { noFigure, plainFigure } from '../figures/figure.ts';
import { TRACED } from './latencies.ts';
import { medianFigure, readMedians } from './medians.ts';

/** What the REPORT lines say of memory and billing. */
export async function readMemory(
  database: Database,
  trials: number,
): Promise<CellAnalysis['memory']> {
  const used = await database.row<{ mb: number | null; n: number }>(
    'select max(max_memory_mb) as mb, count(max_memory_mb) as n from invocations',
  );
  const billed = { us: 'billed_us', where: 'true' };
  const { medians } = await readMedians(database, 'invocations', { medians: billed });
  return {
    usedMaxMb:
      used.mb === null
        ? noFigure('mb', 'no REPORT line was read')
        : plainFigure(used.mb, 'mb', used.n, trials, 'a largest value; it has no interval'),
    billedMsMedian: await medianFigure(
      database,
      'invocations',
      billed,
      medians,
      'no REPORT line was read',
    ),
  };
}

/** How well the breakdown explains the totals. */
export async function readExplained(database: Database): Promise<CellAnalysis['explained']> {
  const unexplained = {
    us: 'abs(unexplained_us)',
    where: TRACED,
  };
  const { medians } = await readMedians(database, 'breakdown', { medians: unexplained });
  const sum = PARTS.map((part) => `coalesce(${part}_us, 0)`).join(' + ');
  const { error } = await database.row<{ error: number | null }>(
    `select max(abs(total_us - (${sum}))) / 1000 as error from breakdown`,
  );
  return {
    medianUnexplainedMs: await medianFigure(
      database,
      'breakdown',
      unexplained,
      medians,
      'no request was traced',
    ),
    maxSumErrorMs: error ?? 0,
  };
}
