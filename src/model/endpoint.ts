import { z } from 'zod';

export const FRONTS = ['rest-api', 'http-api', 'function-url', 'invoke'] as const;
export type Front = (typeof FRONTS)[number];

export const RUNTIMES = ['nodejs22.x', 'nodejs24.x', 'provided.al2023'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Lambda's limits: 128–10,240 MB in steps of 1 MB; timeout 1–900 s. */
export const MEMORY_MIN_MB = 128;
export const MEMORY_MAX_MB = 10_240;

/** What is provisioned on a target: the first half of a cell. */
export const endpointSchema = z.object({
  /** A name in the registry: `dynamo`. */
  backend: z.string(),
  memoryMb: z.int().min(MEMORY_MIN_MB).max(MEMORY_MAX_MB),
  front: z.enum(FRONTS),
  /** Variant of the handler: `apollo`. */
  server: z.string(),
  /** `x1`: 500 users with 10 tweets each. */
  dataset: z.string(),
  runtime: z.enum(RUNTIMES),
  timeoutS: z.int().min(1).max(900),
});
export type Endpoint = z.infer<typeof endpointSchema>;
