import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, ToolError } from '../../base/errors.ts';

const counter = z.object({ count: z.number() });
const summarySchema = z.object({
  metrics: z.object({
    iterations: counter.optional(),
    dropped_iterations: counter.optional(),
    graphql_request: counter.optional(),
    vus_max: z.object({ max: z.number() }).optional(),
  }),
});

/** The counts of k6's end-of-test summary. */
export interface K6Summary {
  iterations: number;
  dropped: number;
  /** Iterations that wrote their `graphql_request`. */
  samples: number;
  vusMax: number;
}

/** Reads the file of --summary-export. k6 leaves a metric out that had no sample. */
export function readSummary(path: string): K6Summary {
  let parsed: z.infer<typeof summarySchema>;
  try {
    parsed = summarySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ToolError(
      `k6 ended well, but its summary cannot be read (is the disk full?): ${path}: ${reason}`,
    );
  }
  const { metrics } = parsed;
  return {
    iterations: metrics.iterations?.count ?? 0,
    dropped: metrics.dropped_iterations?.count ?? 0,
    samples: metrics.graphql_request?.count ?? 0,
    vusMax: metrics.vus_max?.max ?? 0,
  };
}
