import { z } from 'zod';
import { PARTS } from './tables.ts';

/** A number with what it takes to trust it. */
export const figureSchema = z.object({
  value: z.number().nullable(),
  unit: z.enum(['ms', 's', 'share', 'per_s', 'count', 'bytes', 'mb', 'ratio', 'usd']),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /**
   * trials_t: t interval over three trials or more, on the logs, but of differences and rates on the
   * values. paired_t: the same on the logs of the rounds' ratios of two cells. within_trial: exact
   * binomial order statistics of one trial, true only if its requests were independent. wilson: of a
   * proportion.
   */
  interval: z.enum(['trials_t', 'paired_t', 'within_trial', 'wilson', 'none']),
  /** Observations the value rests on. */
  n: z.int(),
  trials: z.int(),
  /** Why there is no value or no interval: `p99 needs 100 requests, this has 40`. */
  note: z.string().optional(),
});
export type Figure = z.infer<typeof figureSchema>;

/** Whether two intervals have a value in common; false where one of them is not known. */
export function intervalsOverlap(a: Figure, b: Figure): boolean {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return false;
  return a.low <= b.high && b.low <= a.high;
}

export const partsMsSchema = z.record(z.enum(PARTS), z.number());
export type PartsMs = z.infer<typeof partsMsSchema>;
