import { z } from 'zod';
import { figureSchema } from './figure.ts';

/** What may scale with memory, each by itself. */
export const SCALED = [
  'init',
  'first_call',
  'handler',
  'backend',
  'connection',
  'p50',
  'p99',
] as const;
export type Scaled = (typeof SCALED)[number];

/** d(M) = a + b ÷ min(M ÷ 1769, s): b is CPU time at one vCPU, s the vCPUs it can use. */
export const memoryFitSchema = z.object({
  aMs: figureSchema,
  bMs: figureSchema,
  s: z.number(),
  /** The largest distance of a size's mean from the curve, as a share of the curve's value there. */
  lackOfFitShare: z.number(),
  /** Points of the curve, for drawing. */
  curve: z.array(z.object({ memoryMb: z.number(), ms: z.number() })),
});
export type MemoryFit = z.infer<typeof memoryFitSchema>;

export const scaledQuantitySchema = z.object({
  quantity: z.enum(SCALED),
  points: z.array(z.object({ memoryMb: z.int(), cellId: z.string(), figure: figureSchema })),
  /**
   * fit: one call's CPU exceeds the quota of a period, so memory buys speed by the law. staircase: it
   * fits, at every size or all but the smallest, so there is no b. full_cpu: it has its CPU whatever
   * the size (init). unknown: too few sizes or rounds to tell; `finding` says which.
   */
  kind: z.enum(['fit', 'staircase', 'full_cpu', 'unknown']),
  fit: memoryFitSchema.nullable(),
  /** The largest size's ÷ the smallest's, paired by round. */
  ratio: figureSchema,
  finding: z.string(),
});
export type ScaledQuantity = z.infer<typeof scaledQuantitySchema>;

export const GOALS = ['fastest', 'cheapest', 'balanced', 'slo'] as const;
export type Goal = (typeof GOALS)[number];

export const adviceSchema = z.object({
  goal: z.enum(GOALS),
  memoryMb: z.int().nullable(),
  cellId: z.string().nullable(),
  /**
   * shown: every paired interval against the other sizes leaves out "no better". likely: it was best
   * in more rounds than not, but some interval does not leave it out. open: anything less.
   */
  sureness: z.enum(['shown', 'likely', 'open']),
  /** Rounds in which this size was the best (or met the SLO), of those that tell. */
  roundsBest: z.int(),
  rounds: z.int(),
  /** Sizes that cannot be told from it. */
  ties: z.array(z.int()),
  finding: z.string(),
});
export type Advice = z.infer<typeof adviceSchema>;

/** Cells that differ in memory alone. */
export const memoryScalingSchema = z.object({
  /** The levels of factors that vary elsewhere: `postgres indexed · x100`; may be empty. */
  label: z.string(),
  /** How much memory, and why; and the why alone, as a sentence. */
  finding: z.string(),
  reason: z.string(),
  /** The latency that sizes are ranked by: the best percentile all of them have. */
  rankedBy: z.enum(['p50', 'p95', 'p99']),
  /** Ascending. */
  sizes: z.array(
    z.object({
      memoryMb: z.int(),
      cellId: z.string(),
      /** CPU a period of 20 ms gives at this size. */
      quotaMs: z.number(),
      /** CPU of a warm call; measured locally, on AWS taken from the handler's time at 1 vCPU or more. */
      cpuPerCallMs: figureSchema,
      fitsInPeriod: z.boolean().nullable(),
      costUsd: figureSchema,
      /** On the front of cost and latency: no size is shown to be both cheaper and faster. */
      efficient: z.boolean().nullable(),
      dominatedByMb: z.int().nullable(),
    }),
  ),
  quantities: z.array(scaledQuantitySchema),
  advice: z.array(adviceSchema),
});
export type MemoryScaling = z.infer<typeof memoryScalingSchema>;
