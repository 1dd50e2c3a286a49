import { z } from 'zod';

/** What a run on AWS is paid for, in the order it is shown. */
export const ESTIMATE_ITEMS = [
  'requests',
  'compute',
  'init',
  'provisioned',
  'gateway',
  'database',
  'seeding',
  'xray',
  'logs',
  'metrics',
  'transfer',
  'deployment',
] as const;
export type EstimateItem = (typeof ESTIMATE_ITEMS)[number];

/** The least and the most there may be of something; equal where it is known. */
export const boundsSchema = z.object({ low: z.number(), high: z.number() });
export type Bounds = z.infer<typeof boundsSchema>;

/** What a run will cost at list prices without free tiers, in US dollars, before anything happens. */
export const costEstimateSchema = z.object({
  region: z.string(),
  /** The day the prices were read. */
  asOf: z.string(),
  /** The sum of the items; a cap is held against the high one. */
  usd: boundsSchema,
  /** Of all trials and of what asks the endpoints before them. */
  requests: boundsSchema,
  /** Seconds of load, of all trials. */
  loadS: boundsSchema,
  /** Seconds from the first call of AWS to the last, deploying and destroying included. */
  runS: boundsSchema,
  /** In the order of ESTIMATE_ITEMS; an item that does not exist in this stack is left out. */
  items: z.array(z.object({ item: z.enum(ESTIMATE_ITEMS), usd: boundsSchema, basis: z.string() })),
  /** What one trial of a cell costs, by the cell's id. */
  trialUsd: z.record(z.string(), boundsSchema),
  /** What is paid once, whatever the trials come to: deploying, seeding, asking. */
  onceUsd: boundsSchema,
  /** What the deployment costs an hour while nobody uses it. */
  standingUsdPerHour: boundsSchema,
  /** Seconds the deployment stands beyond the trials: it is made before and removed after them. */
  besideTrialsS: boundsSchema,
  /** What is not in it and why, as sentences. */
  lacking: z.array(z.string()),
  assumptions: z.array(z.string()),
  sources: z.array(z.string()),
});
export type CostEstimate = z.infer<typeof costEstimateSchema>;

/** What `bench deploy` and a run on AWS make, by CloudFormation's type. */
export const plannedResourceSchema = z.object({ type: z.string(), count: z.int().positive() });
export type PlannedResource = z.infer<typeof plannedResourceSchema>;
