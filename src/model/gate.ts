import { z } from 'zod';
import { figureSchema } from './figure.ts';
import { PARTS } from './tables.ts';

/** What a gate is asked (plan.gate), how far it came (run.gate) and what it says (analysis.gate, gate.json). */

/**
 * What a gate may judge; the smaller is the better of each.
 * - p50, p95, p99: latency of hold; init: of an environment; handler, backend: medians of the time in
 *   the handler and in its calls; cost: of the whole stack per million requests
 * - errorRate: failed requests of those sent; coldShare: requests that felt a cold start
 * - bundleSize: bytes of the code; backendCalls: the median of calls a request, by operation
 */
export const GATE_METRICS = [
  'p50',
  'p95',
  'p99',
  'init',
  'handler',
  'backend',
  'cost',
  'errorRate',
  'coldShare',
  'bundleSize',
  'backendCalls',
] as const;
export type GateMetric = (typeof GATE_METRICS)[number];

/**
 * How a metric is judged. ratio: t test of ln(head ÷ base) over pairs against ln(1 + tolerance).
 * difference: t test of head − base, in shares, against the tolerance. exact: head ÷ base ≤ 1 +
 * tolerance, without statistics.
 */
export const METRIC_KIND = {
  p50: 'ratio',
  p95: 'ratio',
  p99: 'ratio',
  init: 'ratio',
  handler: 'ratio',
  backend: 'ratio',
  cost: 'ratio',
  errorRate: 'difference',
  coldShare: 'difference',
  bundleSize: 'exact',
  backendCalls: 'exact',
} as const satisfies Record<GateMetric, 'ratio' | 'difference' | 'exact'>;

/** The unit of a metric's values and of its budget. */
export const METRIC_UNIT = {
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  init: 'ms',
  handler: 'ms',
  backend: 'ms',
  cost: 'usd',
  errorRate: 'share',
  coldShare: 'share',
  bundleSize: 'bytes',
  backendCalls: 'count',
} as const satisfies Record<GateMetric, string>;

/** Fewer requests of hold give no p99 with an interval of its own (Le Boudec): none is gated. */
export const LEAST_REQUESTS_OF_P99 = 368;

/** One side of a gate. */
export const gateSideSchema = z.object({
  /** As it was asked for, without folders of this machine: `origin/main`, `working tree`, `a.js`. */
  label: z.string(),
  /** Of the code; null where it is of none. */
  commit: z.string().nullable(),
  /** `3 files differ from 3f2c1a9`; null: nothing to say. */
  note: z.string().nullable(),
});
export type GateSide = z.infer<typeof gateSideSchema>;

/** One trial of a stored baseline: a metric's value where it has one. */
export const baselineTrialSchema = z.object({
  values: z.partialRecord(z.enum(GATE_METRICS), z.number()),
  requests: z.int(),
  failures: z.int(),
  knownRequests: z.int(),
  coldRequests: z.int(),
});

/** bench-baseline.json: what `bench baseline save` keeps of a run. */
export const baselineSchema = z.object({
  version: z.literal(1),
  /** Of bench. */
  tool: z.string(),
  createdAt: z.string(),
  runId: z.string(),
  /** Of the working folder when it was saved; null where there was none. */
  commit: z.string().nullable(),
  /** What must be equal for a head to be compared with it, by the name messages give it. */
  conditions: z.record(z.string(), z.string()),
  cells: z
    .array(
      z.object({
        cellId: z.string(),
        conditions: z.record(z.string(), z.string()),
        bundleBytes: z.int().nullable(),
        /** The median of a request's backend calls, by operation. */
        backendCalls: z.record(z.string(), z.number()),
        trials: z.array(baselineTrialSchema),
      }),
    )
    .min(1),
});
export type Baseline = z.infer<typeof baselineSchema>;

export const gatePlanSchema = z.object({
  /**
   * paired: base and head in pairs, and budgets of head. budgets: head alone, against limits.
   * baseline: head alone, against figures of an earlier run, and budgets.
   */
  mode: z.enum(['paired', 'budgets', 'baseline']),
  /** null in mode `budgets`. */
  base: gateSideSchema.nullable(),
  head: gateSideSchema,
  alpha: z.number(),
  minPairs: z.int().min(2),
  maxPairs: z.int().min(2),
  /** No round begins that would end after this, counted from the first; null: no limit. */
  budgetS: z.number().nullable(),
  /** Compared with base. tolerance: a share; of differences, in shares of requests. */
  metrics: z.array(
    z.object({
      metric: z.enum(GATE_METRICS),
      tolerance: z.number().min(0),
      /** It may fail the gate and does not hold a pass up: what nobody asked for and must not hide. */
      guard: z.boolean(),
    }),
  ),
  /** Limits of head, in the metric's unit. */
  budgets: z.array(
    z.object({ cellId: z.string(), metric: z.enum(GATE_METRICS), limit: z.number().positive() }),
  ),
  /** Ids of the cells that gate, without the revision. */
  cellIds: z.array(z.string()).min(1),
  /** Nothing is measured where the code of both sides is the same, byte for byte. */
  skipSame: z.boolean(),
  /** In mode `baseline`. */
  baseline: baselineSchema.nullable(),
});
export type GatePlan = z.infer<typeof gatePlanSchema>;

export const gateProgressSchema = z.object({
  /** Pairs the spending of α is planned for: maxPairs, or fewer where the time does not last. */
  plannedPairs: z.int(),
  /** Rounds after which the verdict was looked for. */
  looks: z.array(z.int()),
  /** Why no more rounds were run; null while the gate goes on or where it broke off. */
  ended: z.enum(['decided', 'max_pairs', 'budget', 'same_code']).nullable(),
});
export type GateProgress = z.infer<typeof gateProgressSchema>;

export const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const gateRowSchema = z.object({
  /** Without the revision. */
  cellId: z.string(),
  /** `dynamo · 1024 MB` */
  label: z.string(),
  metric: z.enum(GATE_METRICS),
  /** budget: head against a limit. */
  kind: z.enum(['ratio', 'difference', 'exact', 'budget']),
  /** Of backendCalls: which operation, that which grew most. */
  operation: z.string().nullable(),
  guard: z.boolean(),
  verdict: z.enum(VERDICTS),
  /** Why, as a sentence: `at least 12.1% slower, 5% are tolerated`. */
  reason: z.string(),
  /** null for budgets and where there is none. */
  base: figureSchema.nullable(),
  head: figureSchema,
  /** A share; of a difference in shares of requests; of a budget the limit, in the figure's unit. */
  tolerance: z.number(),
  /**
   * ratio: head ÷ base; difference: head − base; budget: head. With an interval that holds at every
   * look at once, each bound at level 1 − α; null where nothing can be tested.
   */
  change: z
    .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
    .nullable(),
  /** Pairs that count, of the budget trials of head. */
  pairs: z.int(),
  /**
   * One-sided p-values over all looks so far. fail: of "it is within the tolerance", pass: of "it is
   * beyond". failAdjusted: by Holm for all rows that are tested. signFlip: of "within the tolerance"
   * by exact permutation of signs at this one look. null where nothing was tested.
   */
  p: z
    .object({
      fail: z.number(),
      failAdjusted: z.number(),
      pass: z.number(),
      signFlip: z.number().nullable(),
    })
    .nullable(),
  /** About how many more pairs would decide, if mean and spread stay; null: decided, or no number would. */
  morePairs: z.int().nullable(),
  /** By round, of pairs that count: [round, base, head]; base is null of a budget. For charts. */
  values: z.array(z.tuple([z.int(), z.number().nullable(), z.number()])),
});
export type GateRow = z.infer<typeof gateRowSchema>;

/** Where to look for why a row failed. */
export const gateCauseSchema = z.object({
  cellId: z.string(),
  metric: z.enum(GATE_METRICS),
  /** `Requests about p50 took 1.54 ms longer: 1.49 ms [1.38, 1.60] (97%) of it in the handler.` */
  sentence: z.string(),
  /** Largest growth first; of latencies they sum to the whole. `load` and `start` are init's. */
  parts: z.array(
    z.object({
      part: z.enum([...PARTS, 'load', 'start']),
      baseMs: z.number(),
      headMs: z.number(),
      /** head − base, mean over pairs with its 95% t interval. */
      growthMs: z.number(),
      lowMs: z.number().nullable(),
      highMs: z.number().nullable(),
      /** The interval leaves 0 out. */
      shown: z.boolean(),
    }),
  ),
  /** An example of each side: indices into the waterfalls of its cell in the analysis. */
  traces: z.object({
    base: z.object({ cellId: z.string(), traceId: z.string(), totalMs: z.number() }).nullable(),
    head: z.object({ cellId: z.string(), traceId: z.string(), totalMs: z.number() }).nullable(),
  }),
});
export type GateCause = z.infer<typeof gateCauseSchema>;

/** gate.json: the verdict with everything it rests on. */
export const gateResultSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  createdAt: z.string(),
  tool: z.string(),
  mode: gatePlanSchema.shape.mode,
  verdict: z.enum(VERDICTS),
  /** A stored baseline tells of another run: the verdict is advice. */
  advisory: z.boolean(),
  base: gateSideSchema.nullable(),
  head: gateSideSchema,
  alpha: z.number(),
  rounds: z.object({
    run: z.int(),
    most: z.int(),
    looks: z.array(z.int()),
    ended: z.enum(['decided', 'max_pairs', 'budget', 'same_code', 'broke_off']),
    /** Rounds that do not count for a cell, and why. */
    void: z.array(
      z.object({
        cellId: z.string(),
        round: z.int(),
        side: z.enum(['base', 'head']),
        reason: z.string(),
      }),
    ),
  }),
  /** From the first trial's begin to the last one's end. */
  tookS: z.number(),
  rows: z.array(gateRowSchema),
  causes: z.array(gateCauseSchema),
  /** The code of both sides; their bytes are equal where the digests are. */
  bundles: z.array(
    z.object({
      key: z.string(),
      baseBytes: z.int().nullable(),
      headBytes: z.int(),
      same: z.boolean(),
    }),
  ),
  /** What else a reader should know, as sentences. */
  notes: z.array(z.string()),
});
export type GateResult = z.infer<typeof gateResultSchema>;
