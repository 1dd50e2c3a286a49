import type { Figure } from '../../model/figure.ts';
import type { Database } from '../../store/tables/database.ts';
import { noFigure, quantileFigure, trialsFigure } from '../figures/figure.ts';
import { perTrial } from './latencies.ts';

/** An expression in microseconds over rows of a table, and which of them. */
export interface Quantity {
  us: string;
  where: string;
}

/** The median of a quantity in each trial that has it. */
export interface TrialMedians {
  trial: number;
  n: number;
  ms: number;
}

/** Medians of several quantities of one table by trial, in one pass over it. */
export async function readMedians<Name extends string>(
  database: Database,
  table: string,
  quantities: Record<Name, Quantity>,
): Promise<Record<Name, TrialMedians[]>> {
  const named = Object.entries(quantities) as [Name, Quantity][];
  const columns = named.map(
    ([, { us, where }], index) =>
      // quantile_disc is x₍⌈n/2⌉₎, as in stats/quantile.ts.
      `quantile_disc(${us}, 0.5) filter (${where}) as us${index},
       count(${us}) filter (${where}) as n${index}`,
  );
  const rows = await database.rows<Record<string, number | null>>(
    `select trial, ${columns.join(', ')} from ${table} group by trial order by trial`,
  );
  const found = named.map(([name], index) => [
    name,
    rows.flatMap((row): TrialMedians[] => {
      const us = row[`us${index}`] ?? null;
      if (us === null) return [];
      return [{ trial: row.trial as number, n: row[`n${index}`] as number, ms: us / 1000 }];
    }),
  ]);
  return Object.fromEntries(found) as Record<Name, TrialMedians[]>;
}

/** The figure of medians: over several trials as any quantile's, of one with its own interval. */
export async function medianFigure(
  database: Database,
  table: string,
  quantity: Quantity,
  medians: readonly TrialMedians[],
  nothing: string,
): Promise<Figure> {
  const [only] = medians;
  if (only === undefined) return noFigure('ms', nothing);
  if (medians.length === 1) {
    const { us, where } = quantity;
    const values = await perTrial(
      database,
      [only.trial],
      `(${us}) / 1000`,
      `${table} where (${where})`,
    );
    return quantileFigure(
      values.map(({ sortedMs }) => sortedMs),
      0.5,
    );
  }
  return trialsFigure(
    medians.map(({ ms }) => ms),
    'ms',
    medians.reduce((sum, { n }) => sum + n, 0),
  );
}

/** One median minus another of the same trial; the mean over trials, as it may be negative. */
export function differenceFigure(
  of: readonly TrialMedians[],
  minus: readonly TrialMedians[],
  nothing: string,
): Figure {
  const pairs = of.flatMap(({ trial, n, ms }) => {
    const other = minus.find((one) => one.trial === trial);
    return other === undefined ? [] : [{ n, difference: ms - other.ms }];
  });
  if (pairs.length === 0) return noFigure('ms', nothing);
  return trialsFigure(
    pairs.map(({ difference }) => difference),
    'ms',
    pairs.reduce((sum, { n }) => sum + n, 0),
    'arithmetic',
  );
}
