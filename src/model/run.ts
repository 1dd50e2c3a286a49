import { z } from 'zod';
import { endpointSchema } from './endpoint.ts';
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

export const planSchema = z.object({
  target: z.string(),
  cells: z.array(cellSchema).min(1),
  rounds: z.int().min(1),
  /** Seed of the order within rounds and of the draws of the scenarios. */
  seed: z.int(),
});
export type Plan = z.infer<typeof planSchema>;

/** The code of one endpoint as it was deployed. */
export const bundleFactsSchema = z.object({
  backend: z.string(),
  server: z.string(),
  bytes: z.int(),
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

/** run.json */
export const runSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  createdAt: z.string(),
  status: z.enum(['running', 'finished', 'failed', 'interrupted']),
  plan: planSchema,
  fingerprint: fingerprintSchema,
  bundles: z.array(bundleFactsSchema),
  warnings: z.array(warningSchema),
});
export type Run = z.infer<typeof runSchema>;
