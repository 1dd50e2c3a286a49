import { z } from 'zod';

/** As V8's inspector gives it (`Profiler.stop`), and as DevTools and speedscope read it. */
export const cpuProfileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({
        functionName: z.string(),
        scriptId: z.string(),
        url: z.string(),
        /** Where the function begins, from 0; -1 where it is no function of a script. */
        lineNumber: z.int(),
        columnNumber: z.int(),
      }),
      hitCount: z.int().optional(),
      children: z.array(z.int()).optional(),
    }),
  ),
  /** Microseconds of the machine's monotonic clock. */
  startTime: z.number(),
  endTime: z.number(),
  /** The node of each sample, and how long after the one before (the first: after startTime) it was taken. */
  samples: z.array(z.int()).default([]),
  timeDeltas: z.array(z.number()).default([]),
});
export type CpuProfile = z.infer<typeof cpuProfileSchema>;

/** What the bootstrap tells of one stretch of an environment's life. */
export const toldProfileSchema = z.object({
  kind: z.enum(['init', 'invocations']),
  /** One instant on both clocks: that of the epoch and that of the profile. */
  clock: z.object({ epochUs: z.number(), monotonicUs: z.number() }),
  /** Marks that code was given (`profiled-copy.ts`) and when it came past them, on the profile's clock. */
  marks: z.array(z.tuple([z.int(), z.number()])),
  profile: cpuProfileSchema,
});
export type ToldProfile = z.infer<typeof toldProfileSchema>;

/** How often V8's profiler looks at an environment. */
export interface ProfileOrder {
  initIntervalUs: number;
  /** 0: only the init is profiled. */
  invocationIntervalUs: number;
}

/** An invocation of a profiled environment; instants are microseconds since the epoch. */
export interface ProfiledInvocation {
  requestId: string;
  traceId: string;
  invokedUs: number;
  respondedUs: number;
  /** The first of its environment. */
  first: boolean;
}

/** What a profiled environment told until it ended. */
export interface EnvironmentProfile {
  /** Its log stream. */
  environment: string;
  /** Folders of its code and of the runtime that ran it: what URLs in the profiles begin with. */
  taskRoot: string;
  bootstrap: string;
  told: ToldProfile[];
  invocations: ProfiledInvocation[];
}

/** What init does besides running the handler's code. */
export const INIT_PARTS = ['node', 'runtime', 'bundle', 'waiting'] as const;
export type InitPart = (typeof INIT_PARTS)[number];

/** Median over the inits, and least to most. */
const spreadSchema = z.object({
  medianMs: z.number(),
  minMs: z.number(),
  maxMs: z.number(),
});
export type Spread = z.infer<typeof spreadSchema>;

export const packageTimeSchema = z.object({
  /** `graphql`, `@smithy/core`; `own code`; `Node.js modules`, which the top level of own code loads. */
  name: z.string(),
  /** Its own functions and what they called of Node and V8: these sum to the time of the load. */
  self: spreadSchema,
  /** Also what it called of other packages. */
  withCallsMs: z.number(),
  /** Of self: collecting garbage. */
  garbageMs: z.number(),
  /** Of self: in Node's own modules: reading files, loading built-in modules. */
  nodeMs: z.number(),
});
export type PackageTime = z.infer<typeof packageTimeSchema>;

export const initProfileSchema = z.object({
  /** The cell whose endpoint was profiled. */
  cellId: z.string(),
  /** Every cell with the same code and memory: what is said is true of them. */
  cellIds: z.array(z.string()),
  bundle: z.string(),
  memoryMb: z.int(),
  inits: z.int(),
  /** Init with the profiler on; without it, measured in turns with it. */
  profiled: spreadSchema,
  plain: spreadSchema,
  /** Where the time is that no package has: these and the families' self sum to about `profiled`. */
  parts: z.record(z.enum(INIT_PARTS), spreadSchema),
  /** Most first. Packages of one maker are one family: `aws-sdk` has @aws-sdk/* and @smithy/*. */
  families: z.array(
    z.object({ name: z.string(), self: spreadSchema, packages: z.array(packageTimeSchema) }),
  ),
  /** Where there is no source map, files stand for packages. */
  by: z.enum(['package', 'file']),
  /** Below the run's folder. */
  files: z.array(z.string()),
  /** The answer in words. */
  finding: z.string(),
});
export type InitProfile = z.infer<typeof initProfileSchema>;

export const invocationProfileSchema = z.object({
  kind: z.enum(['slow', 'median']),
  traceId: z.string(),
  requestId: z.string(),
  first: z.boolean(),
  /** With the profiler on. */
  durationMs: z.number(),
  /** What the process did not work: the backend's answer, or the CPU quota. */
  waitingMs: z.number(),
  packages: z.array(z.object({ name: z.string(), selfMs: z.number() })),
  file: z.string(),
});
export type InvocationProfile = z.infer<typeof invocationProfileSchema>;

export const profileResultSchema = z.object({
  inits: z.array(initProfileSchema),
  invocations: z.array(
    z.object({ cellId: z.string(), of: z.int(), profiles: z.array(invocationProfileSchema) }),
  ),
});
export type ProfileResult = z.infer<typeof profileResultSchema>;
