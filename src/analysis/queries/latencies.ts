import type { Database } from '../../store/tables/database.ts';

/** Values of one trial, ascending; milliseconds unless the query says otherwise. */
export interface TrialLatencies {
  trial: number;
  sortedMs: Float64Array;
}

/** What latency figures are made of: requests of the hold phase that were answered well. */
export const MEASURED = `phase = 'hold' and outcome = 'ok'`;

/** What times within the handler are made of: only a trace tells it from what it waits for. */
export const TRACED = `outcome = 'ok' and source = 'trace'`;

export async function holdLatencies(
  database: Database,
  trials: readonly number[],
): Promise<TrialLatencies[]> {
  return perTrial(database, trials, 'total_us / 1000', 'ranked where true');
}

/** One sorted list of numbers a trial from any of the tables; trials without a row have an empty one. */
export async function perTrial(
  database: Database,
  trials: readonly number[],
  expression: string,
  from: string,
): Promise<TrialLatencies[]> {
  const [groups] = await perTrialAndGroup(database, trials, expression, from, '0', 1);
  return groups as TrialLatencies[];
}

/**
 * The same for each of several groups, read at once: `group` is an expression of their numbers from 0
 * to count − 1. Rows of another group or without a value are left out.
 */
export async function perTrialAndGroup(
  database: Database,
  trials: readonly number[],
  expression: string,
  from: string,
  group: string,
  count: number,
): Promise<TrialLatencies[][]> {
  const found = await database.groups(
    `select trial * ${count} + (${group}), ${expression} as x from ${from} and x is not null
       and (${group}) between 0 and ${count - 1}`,
  );
  return Array.from({ length: count }, (_, own) =>
    trials.map((trial) => ({
      trial,
      sortedMs: found.get(trial * count + own) ?? new Float64Array(),
    })),
  );
}
