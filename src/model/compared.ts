import { z } from 'zod';
import { figureSchema } from './figure.ts';

/** What `bench compare` says: one run's cells against another's, or one cell against another. */

/** What two cells are compared by; the smaller is the better of each. */
export const COMPARED_FIGURES = [
  'p50',
  'p95',
  'p99',
  'init',
  'backend',
  'cost',
  'failures',
] as const;
export type ComparedFigure = (typeof COMPARED_FIGURES)[number];

/** Something the two sides do not have in common. */
export const differenceSchema = z.object({
  /** `k6`, `rate`, `memory`. */
  key: z.string(),
  old: z.string(),
  new: z.string(),
  /** Where it is of one cell and not of the whole run. */
  cellId: z.string().optional(),
});
export type Difference = z.infer<typeof differenceSchema>;

export const changeSchema = z.object({
  /** ratio: new ÷ old, of geometric means over trials. difference: new − old, of shares. */
  kind: z.enum(['ratio', 'difference']),
  value: z.number(),
  /** The 95% t interval. */
  low: z.number(),
  high: z.number(),
  p: z.number(),
  /** Adjusted for all comparisons of this document. */
  pAdjusted: z.number(),
  /** Trials of each side; where paired, rounds both have. */
  trials: z.object({ old: z.int(), new: z.int() }),
  /** The adjusted p is at most q, and the interval leaves out "no change". */
  shown: z.boolean(),
});
export type Change = z.infer<typeof changeSchema>;

export const comparedRowSchema = z.object({
  figure: z.enum(COMPARED_FIGURES),
  old: figureSchema,
  new: figureSchema,
  /** null: nothing could be tested; `note` says why. */
  change: changeSchema.nullable(),
  note: z.string().optional(),
});
export type ComparedRow = z.infer<typeof comparedRowSchema>;

const sideSchema = z.object({
  runId: z.string(),
  createdAt: z.string(),
  /** The one cell that was named; null: every cell of the run. */
  cellId: z.string().nullable(),
});

export const comparedSchema = z.object({
  version: z.literal(1),
  old: sideSchema,
  new: sideSchema,
  /** paired: both sides are of one run, trial n of both ran in round n. between_runs: Welch's test. */
  test: z.enum(['paired', 'between_runs']),
  /** What the test rests on, as sentences. */
  method: z.array(z.string()),
  adjustment: z.object({
    method: z.literal('benjamini-hochberg'),
    q: z.number(),
    comparisons: z.int(),
  }),
  /** What differs and was compared all the same. */
  differences: z.array(differenceSchema),
  cells: z.array(
    z.object({
      /** Unique among the cells: `1024 MB`; of two cells, both: `512 MB → 1024 MB`. */
      label: z.string(),
      oldCellId: z.string(),
      newCellId: z.string(),
      rows: z.array(comparedRowSchema),
      /** What makes the figures doubtful, as sentences. */
      doubts: z.array(z.string()),
    }),
  ),
  /** Cells both sides have that were not compared. */
  notCompared: z.array(
    z.object({
      cellId: z.string(),
      reason: z.string(),
      differences: z.array(differenceSchema),
    }),
  ),
  onlyOld: z.array(z.string()),
  onlyNew: z.array(z.string()),
});
export type Compared = z.infer<typeof comparedSchema>;
