import { z } from 'zod';

/**
 * The phases of a trial. Latency figures come from `hold`, failures and cold shares from all. `warm`:
 * the requests that follow a forced cold start in the same environment, to compare it with.
 */
export const PHASES = ['warm_up', 'ramp', 'hold', 'warm'] as const;
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
 * `cold`: `coldStarts` times one after the other the pipeline changes the function and waits until it is
 * ready; then one request that must find no environment (hold) and `warmRequests` more (warm).
 * `burst`: from nothing to `ratePerS` at once, for `holdS`; all of it is `hold`. `rateFromHost`: the rate
 * is what this host can initialise a second, put in when that has been measured.
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
  z.object({
    kind: z.literal('cold'),
    coldStarts: z.int().positive(),
    warmRequests: z.int().nonnegative(),
  }),
  z.object({
    kind: z.literal('burst'),
    ratePerS: z.number().positive(),
    rateFromHost: z.boolean(),
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

/** What a request is signed for (SigV4): `lambda` is Invoke and function URLs, `execute-api` both APIs. */
export interface Signing {
  service: 'lambda' | 'execute-api' | 'appsync';
  region: string;
}

/** AWS keys, resolved. Secret: they go to a process by its environment and are never stored. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
  /** Milliseconds since the epoch; null: they do not end by themselves. */
  expiresAtMs: number | null;
}

/** The one plan file a k6 program reads (path in the environment variable BENCH_LOAD_PLAN). */
export interface LoadPlan {
  version: 1;
  url: string;
  /**
   * The url is that of Lambda's Invoke: each request carries the GraphQL request within an event of
   * payload format 2.0, and `headers` are the event's.
   */
  asEvent: boolean;
  /** Not null: each request is signed; the keys are in the engine's environment. */
  signing: Signing | null;
  /** Share of the requests that are traced, in (0, 1]. */
  traceShare: number;
  headers: Record<string, string>;
  /**
   * Scenario `cold`: a POST to it answers 204 once the function has no environment and is ready, else
   * a 500 whose text says why. On this machine's loopback, good for this trial only; else null.
   */
  renewUrl: string | null;
  profile: LoadProfile;
  /** Seed of the draws of operations and rows. */
  seed: number;
  /** A request without an answer after this long is a `network_error`. */
  requestTimeoutS: number;
  /** The most virtual users k6 may start; arrivals beyond them are dropped and counted. */
  maxVus: number;
  operations: LoadOperation[];
}

/** The longest a function whose configuration was changed is waited for. */
export const RENEW_TIMEOUT_S = 180;

/** What a forced cold start takes with its requests, for expectations. */
const COLD_START_S = 0.5;

/** Length of the whole schedule in seconds; of `cold` about. */
export function profileLengthS(profile: LoadProfile): number {
  switch (profile.kind) {
    case 'users':
      return profile.overS;
    case 'cold':
      return profile.coldStarts * COLD_START_S;
    case 'burst':
      return profile.holdS;
    case 'ramp':
    case 'closed':
      return profile.warmUpS + profile.rampS + profile.holdS;
  }
}

/** Arrivals a second of the hold; null where the load waits for answers. */
export function arrivalRatePerS(profile: LoadProfile): number | null {
  switch (profile.kind) {
    case 'ramp':
    case 'burst':
      return profile.ratePerS;
    case 'users':
      return profile.users / profile.overS;
    case 'closed':
    case 'cold':
      return null;
  }
}

/** Iterations a schedule starts: of the open ones the integral of the rate; null for a closed model. */
export function scheduledIterations(profile: LoadProfile): number | null {
  switch (profile.kind) {
    case 'users':
      return profile.users;
    case 'closed':
      return null;
    case 'cold':
      return profile.coldStarts;
    case 'burst':
      return profile.ratePerS * profile.holdS;
    case 'ramp': {
      const warmUpRate = profile.warmUpS > 0 ? Math.min(WARM_UP_RATE_PER_S, profile.ratePerS) : 0;
      const rampMean = (warmUpRate + profile.ratePerS) / 2;
      return (
        warmUpRate * profile.warmUpS + rampMean * profile.rampS + profile.ratePerS * profile.holdS
      );
    }
  }
}

/** Requests an iteration sends. */
export function requestsPerIteration(profile: LoadProfile): number {
  return profile.kind === 'cold' ? 1 + profile.warmRequests : 1;
}
