import { z } from 'zod';
import { figureSchema } from './figure.ts';
import { PARTS } from './tables.ts';

/**
 * Why a tail is what it is: what requests above a quantile of the hold take longer than those around
 * the median, by part. Means over requests, so that the parts' differences sum to the whole.
 */
export const tailSchema = z.object({
  quantile: z.enum(['p95', 'p99', 'p999']),
  /** Requests above the quantile that have a breakdown, of all trials, and those of them that were cold. */
  requests: z.int(),
  coldRequests: z.int(),
  middleTotalMs: z.number().nullable(),
  tailTotalMs: z.number().nullable(),
  /** In the order of PARTS; empty where there is nothing to compare. */
  parts: z.array(
    z.object({
      part: z.enum(PARTS),
      middleMs: z.number(),
      tailMs: z.number(),
      differenceMs: z.number(),
      /** Of the whole difference; may be negative. Interval over trials. */
      share: figureSchema,
    }),
  ),
  /** The part with the greatest share; null where there is nothing to compare. */
  leading: z.enum(PARTS).nullable(),
  /** In words: `86% [79, 93] of what requests above p99 take longer than the median is the backend.` */
  finding: z.string(),
  /** Operations of the tail's requests, most first. */
  operations: z.array(
    z.object({
      operation: z.string(),
      requests: z.int(),
      /** Of the tail's requests, and of all requests of the hold. */
      shareOfTail: z.number(),
      shareOfAll: z.number(),
      /** The part that makes most of the difference to the middle, within this operation's requests. */
      leading: z.enum(PARTS).nullable(),
      leadingShare: z.number().nullable(),
    }),
  ),
  /** The quantile had no request felt a cold start: that of the warm requests of each trial. */
  withoutCold: figureSchema,
});
export type Tail = z.infer<typeof tailSchema>;
