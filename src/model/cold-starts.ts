import { z } from 'zod';
import { figureSchema } from './figure.ts';

export const coldStartsSchema = z.object({
  /** Each was made by changing the function (scenario `cold`): their share says nothing. */
  forced: z.boolean(),
  /** Requests that felt a cold start, of all that reached an environment, in all phases. */
  share: figureSchema,
  requests: z.int(),
  environments: z.int(),
  medianInitMs: figureSchema,
  /** The handler's part of the first invocation of an environment, and of later ones. */
  firstCallMs: figureSchema,
  warmCallMs: figureSchema,
  /** Backend time of first invocations minus that of later ones: clients and connections being set up. */
  connectionMs: figureSchema,
  medianTotalMs: figureSchema,
  /** Median total of cold requests minus that of warm ones in the same cell. */
  penaltyMs: figureSchema,
  /** Init of cold invocations that was billed: billed minus the invocation's own duration. */
  billedInitMs: figureSchema,
  /** First in their environment, yet they waited for no init. */
  prewarmed: z.object({
    requests: z.int(),
    medianInitMs: figureSchema,
    medianTotalMs: figureSchema,
  }),
  /** Invocations whose trace and REPORT line do not agree on being first in their environment. */
  disagreements: z.int(),
  /**
   * Every cold request; of more than 500 the 50 slowest, the 50 that waited longest for their init, and
   * of the others 400 at even distances over all trials. No quantile is to be taken of them.
   */
  samples: z.array(
    z.object({
      trial: z.int(),
      atS: z.number(),
      totalMs: z.number(),
      initMs: z.number(),
      placementMs: z.number(),
    }),
  ),
});
export type ColdStarts = z.infer<typeof coldStartsSchema>;

/** From idle to a rate at once. Times are since the trial's first request. */
export const burstSchema = z.object({
  binS: z.number(),
  points: z.array(
    z.object({
      trial: z.int(),
      atS: z.number(),
      requests: z.int(),
      failures: z.int(),
      cold: z.int(),
      p50Ms: z.number().nullable(),
      p95Ms: z.number().nullable(),
      maxMs: z.number().nullable(),
      /** Environments whose first invocation had begun by the end of the bin; at work at once within it. */
      environmentsStarted: z.int(),
      environmentsBusy: z.int(),
    }),
  ),
  /** Until the last request that felt a cold start was answered. */
  untilWarmS: figureSchema,
  environments: figureSchema,
  finding: z.string(),
});
export type Burst = z.infer<typeof burstSchema>;
