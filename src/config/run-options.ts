import { z } from 'zod';
import { parseDurationS } from '../base/duration.ts';
import { UsageError } from '../base/errors.ts';
import {
  FRONTS,
  type Front,
  MEMORY_MAX_MB,
  MEMORY_MIN_MB,
  type Runtime,
} from '../model/endpoint.ts';
import type { OwnHandlers } from '../model/own-handler.ts';
import type { BackendOptions } from '../model/ports.ts';
import type { LoadProfile } from '../model/scenario.ts';

/** The flags of `bench run` as they are written; commander hands them over as strings. */
export const runFlagsSchema = z.object({
  backend: z.string(),
  memory: z.string(),
  front: z.string(),
  server: z.string().optional(),
  dataset: z.string().optional(),
  scenario: z.string(),
  rate: z.string().optional(),
  warmUp: z.string().optional(),
  ramp: z.string().optional(),
  hold: z.string().optional(),
  users: z.string().optional(),
  over: z.string().optional(),
  vus: z.string().optional(),
  think: z.string().optional(),
  timeout: z.string(),
  requestTimeout: z.string(),
  maxVus: z.string(),
  rounds: z.string(),
  seed: z.string().optional(),
  results: z.string(),
  keepRaw: z.boolean().optional(),
  json: z.boolean().optional(),
});
export type RunFlags = z.infer<typeof runFlagsSchema>;

export interface RunOptions {
  backends: string[];
  memoriesMb: number[];
  fronts: Front[];
  /** Of these four, null: each backend's default. */
  servers: string[] | null;
  variants: string[] | null;
  dataLayers: string[] | null;
  batching: boolean[] | null;
  datasets: string[] | null;
  /** Not null: handlers of the user's in place of the reference ones; backends is `['own']`. */
  own: OwnHandlers | null;
  runtime: Runtime;
  /** Operations to send, by name; null: the offered ones with their default weights. */
  weights: Record<string, number> | null;
  /** Sent with every request, with variables of the environment put in. Secret, never stored. */
  headers: Record<string, string>;
  backendOptions: BackendOptions;
  profile: LoadProfile;
  timeoutS: number;
  requestTimeoutS: number;
  maxVus: number;
  rounds: number;
  seed: number;
}

/** What each scenario takes of the load flags, and what it takes them to be where they are left out. */
const LOAD_FLAGS = {
  ramp: { rate: '50', warmUp: '3s', ramp: '10s', hold: '20s' },
  users: { users: '500', over: '30s' },
  closed: { vus: '10', think: '1s', warmUp: '3s', ramp: '5s', hold: '20s' },
} as const;
const LOAD_FLAG_NAMES = [
  'rate',
  'warmUp',
  'ramp',
  'hold',
  'users',
  'over',
  'vus',
  'think',
] as const;
type LoadFlag = (typeof LOAD_FLAG_NAMES)[number];

/** Nothing that runs on this machine needs more, and a slip of the finger should not cost an hour. */
const MAX_PHASE_S = 24 * 3600;
const MAX_RATE_PER_S = 100_000;

/** Checks every flag's own value. Names of backends and servers are checked against the registry later. */
export function parseRunFlags(flags: RunFlags): RunOptions {
  return {
    backends: list(flags.backend, '--backend'),
    memoriesMb: list(flags.memory, '--memory').map((text) =>
      whole(text, '--memory', MEMORY_MIN_MB, MEMORY_MAX_MB, 'MB'),
    ),
    fronts: list(flags.front, '--front').map((text) => oneOf(text, '--front', FRONTS)),
    servers: flags.server === undefined ? null : list(flags.server, '--server'),
    variants: null,
    dataLayers: null,
    batching: null,
    datasets: flags.dataset === undefined ? null : list(flags.dataset, '--dataset'),
    own: null,
    runtime: 'nodejs24.x',
    weights: null,
    headers: {},
    backendOptions: { postgresUrl: null, postgresConnections: null },
    profile: parseProfile(flags),
    timeoutS: whole(flags.timeout, '--timeout', 1, 900, 's'),
    requestTimeoutS: positiveS(flags.requestTimeout, '--request-timeout'),
    maxVus: whole(flags.maxVus, '--max-vus', 1, 100_000, ''),
    rounds: whole(flags.rounds, '--rounds', 1, 1000, ''),
    seed: flags.seed === undefined ? 1 : whole(flags.seed, '--seed', 0, 2 ** 31 - 1, ''),
  };
}

function parseProfile(flags: RunFlags): LoadProfile {
  const kind = oneOf(flags.scenario, '--scenario', ['ramp', 'users', 'closed'] as const);
  const taken: Partial<Record<LoadFlag, string>> = LOAD_FLAGS[kind];
  for (const name of LOAD_FLAG_NAMES) {
    if (flags[name] !== undefined && taken[name] === undefined) {
      const its = Object.keys(taken).map((key) => flagName(key));
      throw new UsageError(
        `${flagName(name)} means nothing to --scenario ${kind}: it takes ${its.join(', ')}`,
      );
    }
  }
  const value = (name: LoadFlag): string => flags[name] ?? taken[name] ?? '';
  const phases = () => ({
    warmUpS: lengthS(value('warmUp'), '--warm-up'),
    rampS: lengthS(value('ramp'), '--ramp'),
    holdS: positiveS(value('hold'), '--hold'),
  });
  switch (kind) {
    case 'ramp':
      return { kind, ratePerS: rate(value('rate')), ...phases() };
    case 'users':
      return {
        kind,
        users: whole(value('users'), '--users', 1, 1_000_000, ''),
        overS: positiveS(value('over'), '--over'),
      };
    case 'closed':
      return {
        kind,
        vus: whole(value('vus'), '--vus', 1, 100_000, ''),
        thinkTimeS: lengthS(value('think'), '--think'),
        ...phases(),
      };
  }
}

function flagName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function list(text: string, flag: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) {
    throw new UsageError(`${flag}: "${text}" has an empty entry; write values with commas between`);
  }
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice !== undefined) throw new UsageError(`${flag}: "${twice}" stands there twice`);
  return items;
}

export function whole(text: string, flag: string, min: number, max: number, unit: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    const range = `${min.toLocaleString('en')} to ${max.toLocaleString('en')}${unit && ` ${unit}`}`;
    throw new UsageError(`${flag}: "${text}" is not a whole number from ${range}`);
  }
  return value;
}

export function oneOf<T extends string>(text: string, flag: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) {
    throw new UsageError(`${flag}: "${text}" is unknown; choose from ${choices.join(', ')}`);
  }
  return found;
}

function rate(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > MAX_RATE_PER_S) {
    throw new UsageError(
      `--rate: "${text}" is not a number of requests per second above 0 and up to ${MAX_RATE_PER_S}`,
    );
  }
  return value;
}

function lengthS(text: string, flag: string): number {
  const seconds = text === '0' ? 0 : parseDurationS(text, flag);
  if (seconds > MAX_PHASE_S) throw new UsageError(`${flag}: ${text} is longer than a day`);
  return seconds;
}

function positiveS(text: string, flag: string): number {
  const seconds = lengthS(text, flag);
  if (seconds <= 0)
    throw new UsageError(`${flag}: ${text} is no time at all; write for example 20s`);
  return seconds;
}
