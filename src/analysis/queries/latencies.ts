import type { Database } from '../../store/tables/database.ts';
import { literal } from '../../store/tables/database.ts';

/** Latencies of one trial in milliseconds, ascending. */
export interface TrialLatencies {
  trial: number;
  sortedMs: Float64Array;
}

/** What latency figures are made of: requests of the hold phase that were answered well. */
const MEASURED = `phase = 'hold' and outcome = 'ok'`;

export async function holdLatencies(
  database: Database,
  trials: readonly number[],
  operation?: string,
): Promise<TrialLatencies[]> {
  const only = operation === undefined ? '' : `and operation = ${literal(operation)}`;
  const found: TrialLatencies[] = [];
  for (const trial of trials) {
    const sortedMs = await database.column(
      `select total_us / 1000 from requests where trial = ${trial} and ${MEASURED} ${only}
       order by total_us`,
    );
    found.push({ trial, sortedMs });
  }
  return found;
}

/** One sorted list of numbers a trial from any of the views; trials without a row have an empty one. */
export async function perTrial(
  database: Database,
  trials: readonly number[],
  expression: string,
  from: string,
): Promise<TrialLatencies[]> {
  const found: TrialLatencies[] = [];
  for (const trial of trials) {
    const sortedMs = await database.column(
      `select ${expression} as x from ${from} and trial = ${trial} and x is not null order by x`,
    );
    found.push({ trial, sortedMs });
  }
  return found;
}
