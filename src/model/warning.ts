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

/**
 * Warnings of a trial that a check of its cell's validity measures, over all trials and with a
 * threshold: the check decides what they are worth, and where it stands they need not be said again.
 */
export const CHECK_OF_WARNING: Readonly<Record<string, string>> = {
  'dropped-iterations': 'dropped-iterations',
  'schedule-missed': 'schedule',
  'lost-samples': 'lost-samples',
  'generator-busy': 'generator-cpu',
  'negative-parts': 'negative-parts',
  'damaged-raw-data': 'damaged-data',
  'trial-interrupted': 'finished-trials',
  'trial-failed': 'finished-trials',
};
