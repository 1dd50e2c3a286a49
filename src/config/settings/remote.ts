import { UsageError } from '../../base/errors.ts';
import { ARCHITECTURES, type Architecture } from '../../model/endpoint.ts';
import type { Chosen } from './choose.ts';
import { parsed } from './parsed.ts';
import type { SettingKey } from './table.ts';
import { oneOf, positiveS, share, usd, whole } from './values.ts';

export const TARGETS = ['local', 'aws', 'url'] as const;
export type TargetName = (typeof TARGETS)[number];

/** What a run may come to at the most. */
export interface Caps {
  maxCostUsd: number;
  maxRequests: number;
  maxTimeS: number;
}

/** What is said of a target that is not this machine. */
export interface RemoteOptions extends Caps {
  /** In (0, 1]. */
  traceShare: number;
  /** Of `url`: the user says that the endpoints are theirs. */
  owned: boolean;
  /** Of `aws`. */
  keep: boolean;
  expiresS: number;
  architecture: Architecture;
}

/** Settings that mean something to some targets only. */
const OF_AWS = ['architecture', 'expires', 'keep'] as const satisfies SettingKey[];
const OF_REMOTE = [
  'maxCost',
  'maxRequests',
  'maxTime',
  'traceSample',
] as const satisfies SettingKey[];
const OF_URL = ['url', 'iOwnThis'] as const satisfies SettingKey[];
/** On AWS the database is the stack's; what the target `url` has is the user's (choose.ts). */
const OF_LOCAL = ['postgresUrl', 'postgresConnections'] as const satisfies SettingKey[];

/** Settings that say nothing of a target. */
export function foreignTo(target: TargetName): readonly SettingKey[] {
  if (target === 'aws') return [...OF_URL, ...OF_LOCAL];
  return target === 'url' ? OF_AWS : [...OF_AWS, ...OF_REMOTE, ...OF_URL];
}

/** null of the target `local`. Throws UsageError for a flag that means nothing to the target. */
export function remoteOptions(chosen: Chosen, target: TargetName): RemoteOptions | null {
  if (target !== 'aws') refuse(chosen, OF_AWS, '--target aws');
  if (target !== 'url') refuse(chosen, OF_URL, '--target url');
  if (target === 'aws') refuse(chosen, OF_LOCAL, '--target local');
  if (target === 'local') {
    refuse(chosen, OF_REMOTE, '--target aws or url');
    return null;
  }
  return {
    maxCostUsd: parsed(chosen, 'maxCost', usd),
    maxRequests: parsed(chosen, 'maxRequests', (text, named) => whole(text, named, 1, 1e9, '')),
    maxTimeS: parsed(chosen, 'maxTime', positiveS),
    traceShare: parsed(chosen, 'traceSample', share),
    owned: chosen.raw('iOwnThis') ?? false,
    keep: chosen.raw('keep') ?? false,
    expiresS: parsed(chosen, 'expires', positiveS),
    architecture: parsed(chosen, 'architecture', (text, named) =>
      oneOf(text, named, ARCHITECTURES),
    ),
  };
}

/** A configuration may hold what belongs to another target than the flag's. */
function refuse(chosen: Chosen, keys: readonly SettingKey[], without: string): void {
  const lost = keys.find((key) => chosen.source(key) === 'flag');
  if (lost === undefined) return;
  throw new UsageError(`${chosen.named(lost)} means nothing without ${without}`);
}
