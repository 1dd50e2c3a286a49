import { z } from 'zod';
import { warningSchema } from './warning.ts';

/** What the local target measured of the host during one trial. Absent on AWS. */
export const hostFactsSchema = z.object({
  /** `quota`: environments have CPU in proportion to memory. `none`: memory scaling is void. */
  cpuMode: z.enum(['quota', 'none']),
  cores: z.number(),
  elapsedUs: z.number(),
  environmentsStarted: z.int(),
  environmentsPeak: z.int(),
  /** Environments that ended by themselves (crash, out of memory, timeout). */
  environmentsLost: z.int(),
  /** CPU time of all environments, initialisations included, ending them not. */
  environmentCpuUs: z.number(),
  /** Of it, initialisations; null in trials of before it was counted. */
  initCpuUs: z.number().nullable().default(null),
  /** Environments of provisioned concurrency that were ready before the load. */
  provisionedReady: z.int().default(0),
  /** Time the quota held environments back: Lambda would have done so too. */
  throttledUs: z.number(),
  /** Time runnable environments waited for a core of this host: Lambda would not have. */
  hostWaitUs: z.number(),
  /** Longest and total time a request waited because initialisations are capped at the host's cores. */
  initQueueMaxUs: z.number(),
  initQueueUs: z.number(),
  /**
   * Requests that waited so long for their environment's turn that one that was idle served them:
   * cold starts that Lambda would have had.
   */
  initsSkipped: z.int().default(0),
  /** Requests refused because the host has no memory for another environment: voids the trial. */
  hostRefusals: z.int(),
  throttles: z.int(),
  emulatorCpuUs: z.number(),
  databaseCpuUs: z.number(),
  /** Datagrams to the X-Ray daemon that the kernel dropped. */
  lostDatagrams: z.int(),
});
export type HostFacts = z.infer<typeof hostFactsSchema>;

export const engineFactsSchema = z.object({
  name: z.string(),
  version: z.string(),
  exitCode: z.int(),
  startedUs: z.number(),
  endedUs: z.number(),
  iterations: z.int(),
  droppedIterations: z.int(),
  /** Integral of an open schedule; null for a closed one. */
  scheduledIterations: z.number().nullable(),
  /** User and system time of the engine's process. */
  cpuUs: z.number(),
  vusMax: z.int(),
});
export type EngineFacts = z.infer<typeof engineFactsSchema>;

/** What one collector found of what it was to find. */
export const collectionSchema = z.object({
  collector: z.enum(['xray', 'logs', 'cloudwatch']),
  /** Traces asked for, REPORT lines or metrics expected; null where it cannot be known. */
  expected: z.int().nullable(),
  found: z.int(),
  /** Why it stopped: all found and stable, or the deadline. */
  ended: z.enum(['complete', 'deadline', 'unavailable']),
  tookMs: z.number(),
  message: z.string().optional(),
});
export type Collection = z.infer<typeof collectionSchema>;

/** Counts of the join, from merge. */
export const mergeCountsSchema = z.object({
  requests: z.int(),
  /** Requests an environment answered or failed: those that have an invocation or should have. */
  reached: z.int(),
  /** Of those, requests that were sent to be traced; absent in trials of before it was counted: all. */
  sampled: z.int().optional(),
  withTrace: z.int(),
  withReport: z.int(),
  withBoth: z.int(),
  invocations: z.int(),
  spans: z.int(),
  /** Documents, lines or rows that could not be read; each is described in the warnings. */
  damaged: z.int(),
  /** Parts of breakdowns below zero, set to zero. */
  negativeParts: z.int(),
  /** Requests of which trace and REPORT line do not agree whether they were first in environment. */
  disagreements: z.int().default(0),
  /** Missing numbers in the sequence of join keys: samples that were lost. */
  lostSamples: z.int(),
});
export type MergeCounts = z.infer<typeof mergeCountsSchema>;

/** One initialisation of an environment without a request. */
export const initSampleSchema = z.object({
  initMs: z.number(),
  /** Loading the handler's module; null where the runtime does not tell. */
  loadMs: z.number().nullable(),
});
export type InitSample = z.infer<typeof initSampleSchema>;

export const trialSchema = z.object({
  version: z.literal(1),
  cellId: z.string(),
  trial: z.int().min(1),
  status: z.enum(['finished', 'failed', 'interrupted']),
  window: z.object({ startedUs: z.number(), endedUs: z.number() }),
  engine: engineFactsSchema.nullable(),
  /** The load was driven to its end and may count: what comes after it needs no load. */
  loadEnded: z.boolean().optional(),
  host: hostFactsSchema.nullable(),
  /** Measured before the load, in turns with those of the cell it is compared with. */
  inits: z.array(initSampleSchema).default([]),
  collections: z.array(collectionSchema),
  merge: mergeCountsSchema.nullable(),
  warnings: z.array(warningSchema),
});
export type Trial = z.infer<typeof trialSchema>;
