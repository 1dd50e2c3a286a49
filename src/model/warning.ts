import { z } from 'zod';

/**
 * What makes a number doubtful, as data beside the number.
 * `note`: worth knowing. `doubtful`: read the figures with care. `void`: do not use the figures.
 */
export const warningSchema = z.object({
  /** Stable, kebab-case: `dropped-iterations`. */
  code: z.string(),
  severity: z.enum(['note', 'doubtful', 'void']),
  /** One sentence with the number in it. */
  message: z.string(),
  cellId: z.string().optional(),
  trial: z.int().optional(),
});
export type Warning = z.infer<typeof warningSchema>;
