import { resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import type { DeployedEndpoints } from '../model/deployed-endpoint.ts';
import {
  FRONTS,
  type Front,
  MEMORY_MAX_MB,
  MEMORY_MIN_MB,
  type Runtime,
} from '../model/endpoint.ts';
import type { HandlerSource, OwnHandlers } from '../model/own-handler.ts';
import type { BackendOptions } from '../model/ports.ts';
import type { Slo } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import { backendOptions } from './settings/backend-options.ts';
import { type Chosen, type ConfigSettings, choose, type FlagNames } from './settings/choose.ts';
import { concurrency } from './settings/concurrency.ts';
import { cpuProfiles } from './settings/cpu-profiles.ts';
import { deployedEndpoints } from './settings/deployed-endpoints.ts';
import { type Flags, rawFromFlags } from './settings/from-flags.ts';
import { loadProfile, type RampDefaults } from './settings/load-profile.ts';
import { ownHandlers } from './settings/own-handlers.ts';
import { listOf, parsed, parsedList } from './settings/parsed.ts';
import { regionOf } from './settings/region.ts';
import { type RemoteOptions, remoteOptions, TARGETS, type TargetName } from './settings/remote.ts';
import { responseStreaming } from './settings/response-streaming.ts';
import { roundsOf } from './settings/rounds.ts';
import { type Environment, headersOf } from './settings/secrets.ts';
import { type RawSettings, SETTINGS } from './settings/table.ts';
import { distinct, oneOf, onOrOff, positiveS, slo, weight, whole } from './settings/values.ts';

/** What a run was asked for, checked. */
export interface RunOptions {
  target: TargetName;
  /** What is said of a target that is not this machine; null where it is. */
  remote: RemoteOptions | null;
  backends: string[];
  memoriesMb: number[];
  fronts: Front[];
  /** Of the front function-url; others have `false` only. */
  responseStreaming: boolean[];
  /** Of these five, null: each backend's default. */
  servers: string[] | null;
  variants: string[] | null;
  dataLayers: string[] | null;
  batching: boolean[] | null;
  datasets: string[] | null;
  provisionedConcurrency: number[];
  /** null: no limit. */
  reservedConcurrency: (number | null)[];
  /** Not null: handlers of the user's in place of the reference ones; backends is `['own']`. */
  own: OwnHandlers | null;
  /** Not null: endpoints that the user deployed; backends are their names. */
  deployed: DeployedEndpoints | null;
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
  slo: Slo | null;
  /** Whose prices costs are computed with. */
  region: string;
  /** Absolute. */
  resultsPath: string;
  keepRaw: boolean;
  /** Profile what handlers do. */
  cpuProfiles: boolean;
  /** Collectors give up after this long. */
  collectDeadlineS: number;
}

/** What is known of the world besides the flags; nothing here reads it from the process. */
export interface Surroundings {
  cwd: string;
  env: Environment;
}

/** What a command says of a run beside its flags. */
export interface CommandSettings {
  /** As if flags had said it. */
  raw?: RawSettings;
  flagNames?: FlagNames;
  rampDefaults?: RampDefaults;
  /** What a gate compares the handlers with. */
  baseHandler?: HandlerSource;
}

export interface ResolvedOptions {
  options: RunOptions;
  /** Where each value came from. */
  chosen: Chosen;
}

/**
 * Flags over configuration over defaults, every value checked by itself and against the others.
 * Names of backends, servers and the like are checked against the registry later (expand-plan.ts).
 * Throws UsageError naming the flag, or the file and the field.
 */
export function resolveOptions(
  flags: Flags,
  config: ConfigSettings | null,
  { cwd, env }: Surroundings,
  { raw = {}, flagNames, rampDefaults, baseHandler }: CommandSettings = {},
): ResolvedOptions {
  const chosen = choose({ ...rawFromFlags(flags), ...raw }, config, flagNames);
  const own = ownHandlers(chosen, cwd, baseHandler);
  const deployed = deployedEndpoints(chosen, config, { cwd, env });
  const names = (key: 'server' | 'variant' | 'dataLayer' | 'dataset') => {
    const raw = chosen.raw(key);
    return raw === undefined ? null : distinct(raw, chosen.named(key));
  };
  const backends =
    deployed?.endpoints.map(({ name }) => name) ??
    (own === null ? listOf(chosen, 'backend') : ['own']);
  const objective = chosen.raw('slo');
  const target = parsed(chosen, 'target', (text, named) => oneOf(text, named, TARGETS));
  const fronts = parsedList(chosen, 'front', (text, named) => oneOf(text, named, FRONTS));
  const options: RunOptions = {
    target,
    remote: remoteOptions(chosen, target),
    backends,
    memoriesMb: parsedList(chosen, 'memory', (text, named) =>
      whole(text, named, MEMORY_MIN_MB, MEMORY_MAX_MB, 'MB'),
    ),
    fronts,
    responseStreaming: responseStreaming(chosen, fronts),
    servers: own === null ? names('server') : own.handlers.map(({ name }) => name),
    variants: names('variant'),
    dataLayers: names('dataLayer'),
    batching: chosen.raw('batching') === undefined ? null : parsedList(chosen, 'batching', onOrOff),
    datasets: names('dataset'),
    ...concurrency(chosen),
    own,
    deployed,
    runtime: own?.runtime ?? SETTINGS.runtime.default,
    weights: weightsOf(chosen),
    headers: headersOf(chosen.raw('headers') ?? {}, chosen.named('headers'), env),
    backendOptions: backendOptions(chosen, backends, env),
    profile: loadProfile(chosen, rampDefaults),
    timeoutS: parsed(chosen, 'timeout', (text, named) => whole(text, named, 1, 900, 's')),
    requestTimeoutS: parsed(chosen, 'requestTimeout', positiveS),
    maxVus: parsed(chosen, 'maxVus', (text, named) => whole(text, named, 1, 100_000, '')),
    rounds: roundsOf(chosen),
    seed: parsed(chosen, 'seed', (text, named) => whole(text, named, 0, 2 ** 31 - 1, '')),
    slo: objective === undefined ? null : slo(objective, chosen.named('slo')),
    region: regionOf(chosen, target, env, deployed),
    resultsPath: resolve(cwd, chosen.raw('results') ?? SETTINGS.results.default),
    keepRaw: chosen.raw('keepRaw') ?? false,
    cpuProfiles: cpuProfiles(chosen, target, own),
    collectDeadlineS: collectDeadlineS(chosen, target),
  };
  return { options, chosen };
}

/** The emulator's telemetry is there once it has settled; AWS's comes within minutes. */
export const REMOTE_DEADLINE_S = 180;

function collectDeadlineS(chosen: Chosen, target: TargetName): number {
  if (target !== 'local' && chosen.source('collectDeadline') === 'default') {
    return REMOTE_DEADLINE_S;
  }
  return parsed(chosen, 'collectDeadline', positiveS);
}

function weightsOf(chosen: Chosen): Record<string, number> | null {
  const raw = chosen.raw('weights');
  if (raw === undefined) return null;
  const named = chosen.named('weights');
  const entries = Object.entries(raw);
  if (entries.length === 0) throw new UsageError(`${named}: it names no operation`);
  return Object.fromEntries(
    entries.map(([name, text]) => [name, weight(text, `${named} ${name}`)]),
  );
}
