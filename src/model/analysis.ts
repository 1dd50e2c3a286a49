import { z } from 'zod';
import { burstSchema, coldStartsSchema } from './cold-starts.ts';
import { cellCostSchema, pricesUsedSchema } from './cost.ts';
import { FACTORS } from './endpoint.ts';
import { figureSchema, partsMsSchema } from './figure.ts';
import { gateResultSchema } from './gate.ts';
import { OUTCOMES } from './k6-samples.ts';
import { memoryScalingSchema } from './memory-scaling.ts';
import { profileResultSchema } from './profile.ts';
import { cellSchema, runSchema } from './run.ts';
import { tailSchema } from './tail.ts';
import { warningSchema } from './warning.ts';

/**
 * analysis.json: every figure of the report. The report is a pure function of it.
 * A cell of several trials pools nothing that may not be pooled: quantiles are taken per trial and
 * combined by their geometric mean; curves, bands and time lines say which trial they show.
 */

/** Where time goes among requests whose latency lies between two quantiles of the cell's hold. */
export const bandSchema = z.object({
  /** `median` is p45–p55; `above_p99` has everything beyond p99. */
  band: z.enum(['median', 'p90_p95', 'p95_p99', 'above_p99', 'above_p999', 'all']),
  fromQuantile: z.number(),
  toQuantile: z.number(),
  requests: z.int(),
  coldRequests: z.int(),
  /** Means of the parts over the band's requests: they sum to meanTotalMs. */
  meanPartsMs: partsMsSchema,
  meanTotalMs: z.number(),
});
export type Band = z.infer<typeof bandSchema>;

export const waterfallSchema = z.object({
  kind: z.enum(['slowest', 'median', 'cold']),
  trial: z.int(),
  traceId: z.string(),
  requestId: z.string().nullable(),
  operation: z.string(),
  outcome: z.enum(OUTCOMES),
  cold: z.boolean(),
  totalMs: z.number(),
  partsMs: partsMsSchema,
  /** Bars, from the request's start; the client's own (blocked, sending, waiting, receiving) first. */
  spans: z.array(
    z.object({
      role: z.string(),
      name: z.string(),
      depth: z.int(),
      startMs: z.number(),
      endMs: z.number(),
      error: z.boolean(),
    }),
  ),
  /** Of the trace's spans the shortest beyond 100, which have no bar. */
  spansLeftOut: z.int().optional(),
});
export type Waterfall = z.infer<typeof waterfallSchema>;

/** One test of validity: a value, its threshold, and why the threshold is where it is. */
export const checkSchema = z.object({
  name: z.string(),
  label: z.string(),
  value: z.number().nullable(),
  /** The value for people: `3 of 2,140 (0.14%)`. */
  shown: z.string(),
  threshold: z.string(),
  state: z.enum(['sound', 'doubtful', 'void', 'unknown']),
  why: z.string(),
  /**
   * What it tells of. measurement: this host or the tool: a trial it voids is left out of the cell's
   * figures where enough others remain. system: what was measured: leaving it out would hide it.
   */
  about: z.enum(['measurement', 'system']),
});
export type Check = z.infer<typeof checkSchema>;

/** Medians unless the name says otherwise; `cpuMs` is the mean CPU time of an invocation, inits left out. */
export const perTrialSchema = z.object({
  trial: z.int(),
  /** Of all phases; failures are those that were not `ok`, dropped iterations included in both. */
  requests: z.int(),
  failures: z.int(),
  /** Requests of all phases whose environment is known, and those of them that felt a cold start. */
  knownRequests: z.int(),
  coldRequests: z.int(),
  holdRequests: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  backendMs: z.number().nullable(),
  handlerMs: z.number().nullable(),
  /** Of the initialisations before the load where there are any, else of those under it. */
  initMs: z.number().nullable(),
  /** Of the initialisations before the load: loading the handler's module. */
  loadMs: z.number().nullable(),
  firstCallMs: z.number().nullable(),
  connectionMs: z.number().nullable(),
  cpuMs: z.number().nullable(),
  /** Of the whole stack per million requests, in US dollars. */
  costUsd: z.number().nullable(),
  /**
   * What the requests of hold about a quantile are made of: means of the parts of those whose rank
   * lies in p45–p55, p93–p97 and above p98. null where none of them has a trace.
   */
  partsAt: z.object({
    p50: partsMsSchema.nullable(),
    p95: partsMsSchema.nullable(),
    p99: partsMsSchema.nullable(),
  }),
});
export type PerTrial = z.infer<typeof perTrialSchema>;
/** The figures of a trial that ratios and fits are made of. */
export type TrialFigure = {
  [Key in keyof PerTrial]: null extends PerTrial[Key] ? Key : never;
}[keyof PerTrial];

export const cellAnalysisSchema = z.object({
  cell: cellSchema,
  /** Trials whose figures count; see `validity.trials` for the others. */
  trials: z.int(),
  /** Of all trials that finished, as are outcomes, failures and dropped iterations. */
  requests: z.int(),
  /** Of the trials whose figures count. */
  holdRequests: z.int(),
  outcomes: z.record(z.enum(OUTCOMES), z.int()),
  droppedIterations: z.int(),
  /** Answered requests per second of hold, and what was asked for (null in a closed model). */
  rateReached: figureSchema,
  rateAskedPerS: z.number().nullable(),
  /** Requests of all phases that were not `ok`, dropped iterations included. */
  failureShare: figureSchema,
  /** The commonest reasons of failure, at most 10. */
  failures: z.array(z.object({ outcome: z.string(), error: z.string(), requests: z.int() })),
  latency: z.object({
    p50: figureSchema,
    p90: figureSchema,
    p95: figureSchema,
    p99: figureSchema,
    p999: figureSchema,
    max: figureSchema,
  }),
  /**
   * Latency by quantile, per trial, at quantiles dense in the tail: at most 200 points a trial, fewer
   * in a run of more than 60 trials (12,000 ÷ trials, 20 at least).
   */
  curves: z.array(
    z.object({
      trial: z.int(),
      points: z.array(z.object({ quantile: z.number(), ms: z.number() })),
    }),
  ),
  byOperation: z.array(
    z.object({
      operation: z.string(),
      requests: z.int(),
      failures: z.int(),
      p50: figureSchema,
      p95: figureSchema,
      p99: figureSchema,
      /** Calls to the backend a request, of answered requests with a trace; null without any call. */
      medianBackendCalls: z.number().nullable(),
      meanBackendCalls: z.number().nullable(),
      maxBackendCalls: z.number().nullable(),
      /** Length of the union of a request's backend calls. */
      medianBackendMs: figureSchema,
    }),
  ),
  /** Calls to the backend by answered requests of hold that have a trace. */
  backend: z.object({
    tracedRequests: z.int(),
    callsMean: figureSchema,
    callsMedian: figureSchema,
    /** The median of the time a request spent in calls to the backend. */
    medianMs: figureSchema,
  }),
  /** What ratios and fits are made of: figures of single trials that count; null where there is none. */
  perTrial: z.array(perTrialSchema),
  bands: z.array(bandSchema),
  /**
   * One point a second or, for long trials and in large runs, less (`binS`): at most 300 a trial,
   * fewer in a run of more than 80 trials (24,000 ÷ trials, 20 at least). All phases.
   */
  timeline: z.object({
    binS: z.number(),
    points: z.array(
      z.object({
        trial: z.int(),
        atS: z.number(),
        phase: z.string(),
        requests: z.int(),
        failures: z.int(),
        cold: z.int(),
        p50Ms: z.number().nullable(),
        maxMs: z.number().nullable(),
      }),
    ),
  }),
  coldStarts: coldStartsSchema,
  /** Of the scenario `burst` alone. */
  burst: burstSchema.nullable(),
  /** Why p95, p99 and p99.9 are what they are. */
  tails: z.array(tailSchema),
  cost: cellCostSchema,
  waterfalls: z.array(waterfallSchema),
  memory: z.object({ usedMaxMb: figureSchema, billedMsMedian: figureSchema }),
  validity: z.object({
    state: z.enum(['sound', 'doubtful', 'void']),
    checks: z.array(checkSchema),
    /** Every trial by itself, those that were left out included. */
    trials: z.array(
      z.object({
        trial: z.int(),
        state: z.enum(['sound', 'doubtful', 'void']),
        /** Its figures count towards the cell's. */
        used: z.boolean(),
        /** This host or the tool spoiled it: what it measured tells nothing of the system. */
        spoiled: z.boolean().default(false),
        /** From its begin to its end, instants; not there of trials that cannot be read. */
        window: z.object({ startedUs: z.number(), endedUs: z.number() }).optional(),
        /** The checks that are not sound: `Wait of environments for a core of this host: 31% …`. */
        reasons: z.array(z.string()),
      }),
    ),
  }),
  /** How well the breakdown explains the total: median |unexplained| and the largest error of the sum. */
  explained: z.object({ medianUnexplainedMs: figureSchema, maxSumErrorMs: z.number() }),
});
export type CellAnalysis = z.infer<typeof cellAnalysisSchema>;

export type { Figure, PartsMs } from './figure.ts';

/** One cell's figures divided by another's, paired by round. */
export const ratiosSchema = z.object({
  p50: figureSchema,
  p95: figureSchema,
  p99: figureSchema,
  /** Of the median time a request spent in calls to the backend. */
  backendMs: figureSchema,
});
export type Ratios = z.infer<typeof ratiosSchema>;

/** Cells that differ in one factor, all others held. */
export const comparisonSchema = z.object({
  factor: z.enum(FACTORS),
  levels: z.array(z.string()),
  /** What it shows, as a sentence with its interval. */
  finding: z.string(),
  /** One for each combination of the other factors that vary. */
  panels: z.array(
    z.object({
      /** The levels that are held, of factors that vary elsewhere: `indexed · x100`; may be empty. */
      label: z.string(),
      /** The level the others are divided by; null where no cell of the panel has figures. */
      reference: z.string().nullable(),
      members: z.array(
        z.object({
          level: z.string(),
          cellId: z.string(),
          /** null for the reference, and where a ratio would rest on a void cell. */
          ratios: ratiosSchema.nullable(),
        }),
      ),
    }),
  ),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A change from one variant to another that differs in one feature, or, at `all`, in every one. */
export const variantChangeSchema = z.object({
  feature: z.string(),
  kind: z.enum(['adds', 'takes', 'all']),
  from: z.string(),
  to: z.string(),
  /** `to` divided by `from`. */
  ratios: ratiosSchema,
});
export type VariantChange = z.infer<typeof variantChangeSchema>;

/** The features of a backend's variants (index, limit, join) told apart. */
export const causesSchema = z.object({
  backend: z.string(),
  features: z.array(z.string()),
  finding: z.string(),
  /** Every change of one feature from the two variants that differ in all, as sentences. */
  ends: z.array(z.string()),
  /** What this run cannot tell and why, as sentences. */
  missing: z.array(z.string()),
  panels: z.array(
    z.object({
      /** As in comparisons: `x100`. */
      label: z.string(),
      /** From the two variants that differ in every feature, one feature at a time; then all. */
      ends: z.array(variantChangeSchema),
      /** Every pair that differs in one feature, in the direction that adds it. */
      steps: z.array(variantChangeSchema),
      /** With the feature ÷ without it: the least and the greatest over the settings of the others. */
      ranges: z.array(
        z.object({
          feature: z.string(),
          pairs: z.int(),
          p50: z.object({ low: z.number(), high: z.number() }).nullable(),
          p99: z.object({ low: z.number(), high: z.number() }).nullable(),
          backendMs: z.object({ low: z.number(), high: z.number() }).nullable(),
        }),
      ),
    }),
  ),
});
export type Causes = z.infer<typeof causesSchema>;

export const analysisSchema = z.object({
  version: z.literal(1),
  run: runSchema,
  /** The answer as sentences, best first; each is whole by itself and holds its interval. */
  headline: z.array(z.string()),
  cells: z.array(cellAnalysisSchema),
  /** A factor with two levels or more each, in the order of FACTORS. */
  comparisons: z.array(comparisonSchema),
  causes: z.array(causesSchema),
  /** One for each group of cells that differ in memory alone and have two sizes or more. */
  memoryScaling: z.array(memoryScalingSchema),
  prices: pricesUsedSchema,
  /** The verdict, where the run is a gate. */
  gate: gateResultSchema.nullable().default(null),
  /** What handlers spend their time on, where the run was told to profile. */
  profiles: profileResultSchema.optional(),
  warnings: z.array(warningSchema),
});
export type Analysis = z.infer<typeof analysisSchema>;
