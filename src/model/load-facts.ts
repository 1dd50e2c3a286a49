import { z } from 'zod';

/**
 * What a trial's load asked, from its raw/load-plan.json: enough to tell whether another trial was
 * asked the same.
 */
export const loadFactsSchema = z.object({
  requestTimeoutS: z.number(),
  operations: z.array(
    z.object({
      name: z.string(),
      query: z.string(),
      weight: z.number(),
      rows: z.int(),
      /** Of the rows of variables with the digests of their answers. */
      rowsSha256: z.string(),
    }),
  ),
});
export type LoadFacts = z.infer<typeof loadFactsSchema>;
