import { UsageError } from '../../base/errors.ts';
import type { GateConfigInput } from '../gating/schema.ts';
import {
  flagOf,
  LOAD_KEYS,
  type Raw,
  type RawSettings,
  SETTING_KEYS,
  type SettingKey,
} from './table.ts';

/** Settings by the flag a command of its own has for them: `{ handler: '--head-handler' }`. */
export type FlagNames = Partial<Record<SettingKey, string>>;

export type Source = 'default' | 'config' | 'flag';

/** A configuration's settings; `name` is how messages call the file. */
export interface ConfigSettings {
  name: string;
  raw: RawSettings;
  /** What `bench gate` is asked; checked, and of no use to others. */
  gate?: GateConfigInput;
}

/** A setting of the configuration that a flag made meaningless. */
export interface LeftOut {
  key: SettingKey;
  because: string;
}

/** What was written, flags before configuration, without what contradicts a flag. */
export interface Chosen {
  /** undefined: nobody wrote it. */
  raw<K extends SettingKey>(key: K): Raw<K> | undefined;
  source(key: SettingKey): Source;
  /** How messages call it: `--memory`, or `bench.config.ts: memory`. */
  named(key: SettingKey): string;
  leftOut: readonly LeftOut[];
}

/** What chooses and shapes an endpoint of the reference API. */
const REFERENCE = [
  'backend',
  'server',
  'variant',
  'dataLayer',
  'batching',
  'dataset',
  'postgresUrl',
  'postgresConnections',
] as const satisfies SettingKey[];
/** What only a handler of the user's has. */
const OWN = [
  'operations',
  'variables',
  'schema',
  'envFile',
  'runtime',
] as const satisfies SettingKey[];
/** What is said to an API, and means nothing to another one. */
const OF_ONE_API = ['weights', 'headers'] as const satisfies SettingKey[];

/** Which settings say nothing where own handlers are measured, and where they are not. */
export const NOT_OF = { own: REFERENCE, reference: ['handler', ...OWN] } as const;

/**
 * Flags override the configuration. One that contradicts it takes what it contradicts along: with
 * `--handler`, its backend and what belongs to it; with `--backend`, its handler; with another
 * `--scenario`, that scenario's load; with one of `--preset` and `--rounds`, the other. Throws
 * UsageError for a contradiction within one source. `flagNames`: of settings a command has another
 * flag for.
 */
export function choose(
  flags: RawSettings,
  config: ConfigSettings | null,
  flagNames: FlagNames = {},
): Chosen {
  const fromConfig: RawSettings = { ...config?.raw };
  const leftOut: LeftOut[] = [];
  const leave = (keys: readonly SettingKey[], because: string) => {
    for (const key of keys) {
      if (fromConfig[key] === undefined) continue;
      delete fromConfig[key];
      if (flags[key] === undefined) leftOut.push({ key, because });
    }
  };
  if (flags.handler !== undefined && REFERENCE.some((key) => fromConfig[key] !== undefined)) {
    leave([...REFERENCE, ...OF_ONE_API], `${flagNames.handler ?? '--handler'} is given`);
  }
  if (flags.backend !== undefined && fromConfig.handler !== undefined) {
    leave(['handler', ...OWN, ...OF_ONE_API], '--backend is given');
  }
  if (flags.scenario !== undefined && flags.scenario !== fromConfig.scenario) {
    leave(LOAD_KEYS, `--scenario is ${flags.scenario}`);
  }
  if (flags.preset !== undefined && flags.rounds === undefined) {
    leave(['rounds'], '--preset is given');
  }
  if (flags.rounds !== undefined && flags.preset === undefined) {
    leave(['preset'], '--rounds is given');
  }
  const chosen: Chosen = {
    raw: (key) => flags[key] ?? fromConfig[key],
    source: (key) =>
      flags[key] !== undefined ? 'flag' : fromConfig[key] !== undefined ? 'config' : 'default',
    named: (key) =>
      chosen.source(key) === 'config'
        ? `${config?.name}: ${configKeyOf(key, chosen)}`
        : (flagNames[key] ?? flagOf(key)),
    leftOut,
  };
  checkSides(chosen);
  return chosen;
}

/** Where a setting stands in a configuration: the load stands below its scenario. */
function configKeyOf(key: SettingKey, chosen: Chosen): string {
  if (LOAD_KEYS.some((load) => load === key)) return `scenario.${key}`;
  // A scenario stands alone as its kind, or as an object with it.
  const whole = LOAD_KEYS.some((load) => chosen.source(load) === 'config');
  return key === 'scenario' && whole ? 'scenario.kind' : key;
}

function checkSides(chosen: Chosen): void {
  const given = (keys: readonly SettingKey[]) =>
    keys.find((key) => chosen.source(key) !== 'default');
  if (chosen.source('handler') === 'default') {
    const lost = given(OWN);
    if (lost === undefined) return;
    throw new UsageError(
      `${chosen.named(lost)} means nothing without --handler: the reference API brings its own`,
    );
  }
  const excluded = given(REFERENCE);
  if (excluded !== undefined) {
    throw new UsageError(
      `${chosen.named(excluded)} means nothing beside ${chosen.named('handler')}: your handler brings what stands behind it; leave one of the two out`,
    );
  }
  if (chosen.source('operations') === 'default') {
    throw new UsageError(
      `${chosen.named('handler')} needs --operations: the .graphql file or folder with what to ask it`,
    );
  }
}

/** Keys in the order of the help, for lists of settings. */
export function keysOfSide(own: boolean): SettingKey[] {
  const without: readonly SettingKey[] = own ? NOT_OF.own : NOT_OF.reference;
  return SETTING_KEYS.filter((key) => !without.includes(key));
}
