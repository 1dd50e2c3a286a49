import { z } from 'zod';

/** The phases of a trial. Latency figures come from `hold`, failures and cold shares from all. */
export const PHASES = ['warm_up', 'ramp', 'hold'] as const;
export type Phase = (typeof PHASES)[number];

/** Requests per second of the warm-up phase, or less where the hold's rate is lower. */
export const WARM_UP_RATE_PER_S = 5;

/**
 * `ramp`: open model. Arrivals at WARM_UP_RATE_PER_S for `warmUpS`, then rising linearly to
 * `ratePerS` within `rampS`, then constant for `holdS`.
 * `users`: the 2019 study. `users` users send one request each over a connection of their own, their
 * starts spread evenly over `overS`; all of it is `hold`.
 * `closed`: virtual users that wait for an answer and think for `thinkTimeS`; their number is 1 for
 * `warmUpS`, rises to `vus` within `rampS` and stays for `holdS`.
 */
export const loadProfileSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ramp'),
    ratePerS: z.number().positive(),
    warmUpS: z.number().nonnegative(),
    rampS: z.number().nonnegative(),
    holdS: z.number().positive(),
  }),
  z.object({
    kind: z.literal('users'),
    users: z.int().positive(),
    overS: z.number().positive(),
  }),
  z.object({
    kind: z.literal('closed'),
    vus: z.int().positive(),
    thinkTimeS: z.number().nonnegative(),
    warmUpS: z.number().nonnegative(),
    rampS: z.number().nonnegative(),
    holdS: z.number().positive(),
  }),
]);
export type LoadProfile = z.infer<typeof loadProfileSchema>;

/** One line of a feed: the variables of a request, and what its answer must be. */
export interface FeedRow {
  variables: Record<string, unknown>;
  /** SHA-256 in hex of `JSON.stringify(body.data)`; null where the answer is not checked. */
  digest: string | null;
}

/** Where an operation of the user's stands, and what its answer must be. */
export interface OperationOrigin {
  file: string;
  line: number;
  /** Fragments that were put after it: the line of `query` each begins at, and where it stands. */
  fragments: { atLine: number; file: string; line: number }[];
  /** The `data` of the first row's answer; absent where none was said. */
  expected?: unknown;
}

/** A GraphQL operation of a scenario, drawn with probability weight ÷ sum of weights. */
export interface LoadOperation {
  name: string;
  query: string;
  weight: number;
  rows: FeedRow[];
  /** Where the user wrote it, for messages; absent where it is ours. Not part of a trial's plan. */
  origin?: OperationOrigin;
}

/** How to call Lambda's Invoke: SigV4 for the service `lambda`. Secret, never stored. */
export interface InvokeAccess {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}

/** The one plan file a k6 program reads (path in the environment variable BENCH_LOAD_PLAN). */
export interface LoadPlan {
  version: 1;
  url: string;
  /**
   * Not null: the url is that of Lambda's Invoke, each request is signed and carries the GraphQL
   * request within an event of payload format 2.0, and `headers` are the event's.
   */
  invoke: InvokeAccess | null;
  headers: Record<string, string>;
  profile: LoadProfile;
  /** Seed of the draws of operations and rows. */
  seed: number;
  /** A request without an answer after this long is a `network_error`. */
  requestTimeoutS: number;
  /** The most virtual users k6 may start; arrivals beyond them are dropped and counted. */
  maxVus: number;
  operations: LoadOperation[];
}

/** Length of the whole schedule in seconds. */
export function profileLengthS(profile: LoadProfile): number {
  if (profile.kind === 'users') return profile.overS;
  return profile.warmUpS + profile.rampS + profile.holdS;
}

/** Iterations the open schedules start, the integral of the rate; null for a closed model. */
export function scheduledIterations(profile: LoadProfile): number | null {
  switch (profile.kind) {
    case 'users':
      return profile.users;
    case 'closed':
      return null;
    case 'ramp': {
      const warmUpRate = profile.warmUpS > 0 ? Math.min(WARM_UP_RATE_PER_S, profile.ratePerS) : 0;
      const rampMean = (warmUpRate + profile.ratePerS) / 2;
      return (
        warmUpRate * profile.warmUpS + rampMean * profile.rampS + profile.ratePerS * profile.holdS
      );
    }
  }
}
