import { z } from 'zod';
import { ARCHITECTURES, endpointSchema, REVISIONS } from './endpoint.ts';
import { gatePlanSchema, gateProgressSchema } from './gate.ts';
import { loadProfileSchema } from './scenario.ts';
import { warningSchema } from './warning.ts';

/** An endpoint under a scenario. */
export const cellSchema = z.object({
  /** Readable: `dynamo-2048-rest-api-apollo-x1-ramp`. */
  id: z.string(),
  endpoint: endpointSchema,
  profile: loadProfileSchema,
});
export type Cell = z.infer<typeof cellSchema>;

/** A variant of a backend with what tells it apart: `{index: true, limit: false, join: true}`. */
export const variantSchema = z.object({
  backend: z.string(),
  name: z.string(),
  features: z.record(z.string(), z.boolean()),
});
export type Variant = z.infer<typeof variantSchema>;

/** `--slo p99=100ms` */
export const sloSchema = z.object({
  quantile: z.enum(['p50', 'p90', 'p95', 'p99']),
  ms: z.number().positive(),
});
export type Slo = z.infer<typeof sloSchema>;

export const planSchema = z.object({
  target: z.string(),
  cells: z.array(cellSchema).min(1),
  rounds: z.int().min(1),
  /** Seed of the order within rounds and of the draws of the scenarios. */
  seed: z.int(),
  /** What is sent: each drawn with probability weight ÷ sum of weights. The same for every cell. */
  operations: z.array(z.object({ name: z.string(), weight: z.number().positive() })).default([]),
  /** Share of the requests that are traced. */
  traceShare: z.number().positive().max(1).default(1),
  /** What a latency is to be at most; null: nothing was said. */
  slo: sloSchema.nullable().default(null),
  /** Whose prices costs are computed with. */
  region: z.string().default('us-east-1'),
  /** Of functions deployed by bench; null: not known, or this machine's. */
  architecture: z.enum(ARCHITECTURES).nullable().default(null),
  /** The variants of the plan's backends, for telling causes apart. */
  variants: z.array(variantSchema).default([]),
  /**
   * Initialisations measured before every trial, in an environment each. null: as many as there is
   * time for, settled when the code is known.
   */
  initProbes: z.int().min(0).nullable().default(0),
  /** Not null: the run ends where the gate knows its verdict, and `rounds` are the most there may be. */
  gate: gatePlanSchema.nullable().default(null),
});
export type Plan = z.infer<typeof planSchema>;

/** Repeated measurements of one duration. */
export const repeatedMsSchema = z.object({
  medianMs: z.number(),
  minMs: z.number(),
  maxMs: z.number(),
  n: z.int(),
});
export type RepeatedMs = z.infer<typeof repeatedMsSchema>;

/** The code of endpoints with one bundleKey, as it was deployed. */
export const bundleFactsSchema = z.object({
  backend: z.string(),
  dataLayer: z.string().nullable().default(null),
  server: z.string(),
  batching: z.boolean().default(false),
  /** Absent: it answers at once. */
  responseStreaming: z.boolean().optional(),
  revision: z.enum(REVISIONS).nullable().default(null),
  bytes: z.int(),
  /** As a download has it; null in runs of before it was counted. */
  gzipBytes: z.int().nullable().default(null),
  /** Loading the handler's module, and the whole initialisation, before any load; null if unknown. */
  load: repeatedMsSchema.nullable().default(null),
  init: repeatedMsSchema.nullable().default(null),
  /** SHA-256 of the bundle, hex. */
  sha256: z.string(),
});
export type BundleFacts = z.infer<typeof bundleFactsSchema>;

/** What must be equal for two runs to be compared. */
export const fingerprintSchema = z.object({
  os: z.string(),
  arch: z.string(),
  cpuModel: z.string(),
  cores: z.number(),
  memoryMb: z.number(),
  cpuMode: z.enum(['quota', 'none', 'aws']),
  node: z.string(),
  k6: z.string(),
  k6Origin: z.string(),
  tool: z.string(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** Where a cell's telemetry is, for what comes late (`bench collect`). No secrets. */
export const telemetryPlaceSchema = z.object({
  cellId: z.string(),
  region: z.string(),
  /** null: AWS itself; else where its APIs answered. */
  awsEndpoint: z.string().nullable(),
  front: z.string(),
  functionName: z.string().nullable(),
  qualifier: z.string().nullable(),
  logGroup: z.string().nullable(),
  frontDimensions: z.record(z.string(), z.string()).nullable(),
  traced: z.boolean(),
});
export type TelemetryPlace = z.infer<typeof telemetryPlaceSchema>;

/** How a run was asked for, as far as it may be kept: what `--resume` goes on with. */
export const askedSchema = z.object({
  /** Settings that were given, by key, as they were written; no paths and no secrets. */
  settings: z.record(
    z.string(),
    z.union([z.string(), z.boolean(), z.array(z.string()), z.record(z.string(), z.string())]),
  ),
  /** Keys of settings that were given and may not be kept: they have to be given again. */
  notKept: z.array(z.string()),
  /** Names of the headers that were sent with every request. */
  headers: z.array(z.string()),
});
export type Asked = z.infer<typeof askedSchema>;

const trialIdSchema = z.object({ cellId: z.string(), trial: z.int() });

/** One time a run went on (`bench run --resume`). */
export const resumeSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** How it had ended before; `killed`: it left no word. */
  after: z.enum(['killed', 'failed', 'interrupted', 'finished']),
  /** Trials that were measured before, and stay as they were. */
  kept: z.int(),
  /** Trials whose load had ended: what was missing of them was collected or joined, without load. */
  completed: z.array(trialIdSchema),
  /** Trials that had begun and are measured again; `setAside` is below the run's folder. */
  repeated: z.array(trialIdSchema.extend({ why: z.string(), setAside: z.string() })),
});
export type Resume = z.infer<typeof resumeSchema>;

/** run.json */
export const runSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  createdAt: z.string(),
  status: z.enum(['running', 'finished', 'failed', 'interrupted']),
  plan: planSchema,
  fingerprint: fingerprintSchema,
  bundles: z.array(bundleFactsSchema),
  /** Of cells on AWS. */
  telemetry: z.array(telemetryPlaceSchema).default([]),
  /** Environments this host can initialise a second, where the run measured it (scenario `burst`). */
  hostInitsPerS: z.number().nullable().default(null),
  /** How far a gate came; null of a run that is none, and before the first look. */
  gate: gateProgressSchema.nullable().default(null),
  /** Absent in runs of before it was kept, which cannot be resumed. */
  asked: askedSchema.optional(),
  /** Absent: it was measured in one go. */
  resumes: z.array(resumeSchema).optional(),
  warnings: z.array(warningSchema),
});
export type Run = z.infer<typeof runSchema>;
