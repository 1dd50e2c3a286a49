import { UsageError } from '../../base/errors.ts';
import type { EndpointsInput } from '../endpoints/schema.ts';
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
  /** What the target `url` is asked to measure; of no use to others. */
  endpoints?: EndpointsInput;
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
const OWN_CODE = ['envFile', 'runtime'] as const satisfies SettingKey[];
/** What is asked of an API of the user's, whether bench deploys it or the user did. */
const ASKED = ['operations', 'variables', 'schema'] as const satisfies SettingKey[];
const OWN = [...ASKED, ...OWN_CODE] as const;
/** What is settled already of an endpoint that the user deployed. */
const DEPLOYMENT = [
  ...REFERENCE,
  'handler',
  ...OWN_CODE,
  'memory',
  'front',
  'responseStreaming',
  'timeout',
  'provisionedConcurrency',
  'reservedConcurrency',
] as const satisfies SettingKey[];
/** What is said to an API, and means nothing to another one. */
const OF_ONE_API = ['weights', 'headers'] as const satisfies SettingKey[];

/** Whose API is measured: ours, that of handlers of the user's, or one the user deployed. */
export type Side = 'reference' | 'own' | 'deployed';

/** Which settings say nothing to a side. */
const NOT_OF: Record<Side, readonly SettingKey[]> = {
  reference: ['handler', ...OWN, 'url'],
  own: [...REFERENCE, 'url'],
  deployed: DEPLOYMENT,
};

/**
 * Flags override the configuration. One that contradicts it takes what it contradicts along: with
 * `--handler`, its backend and what belongs to it; with `--backend`, its handler; with another
 * `--scenario`, that scenario's load; with one of `--preset` and `--rounds`, the other; with
 * `--target url`, what would be deployed, and with another target what is asked of the endpoints. Throws
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
  chooseTarget(flags, fromConfig, leave);
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
  checkSides(chosen, flags.url !== undefined || config?.endpoints !== undefined);
  return chosen;
}

/** Where a setting stands in a configuration: the load stands below its scenario. */
function configKeyOf(key: SettingKey, chosen: Chosen): string {
  if (LOAD_KEYS.some((load) => load === key)) return `scenario.${key}`;
  // A scenario stands alone as its kind, or as an object with it.
  const whole = LOAD_KEYS.some((load) => chosen.source(load) === 'config');
  return key === 'scenario' && whole ? 'scenario.kind' : key;
}

/** What a configuration says of one target, where flags choose another. */
function chooseTarget(
  flags: RawSettings,
  fromConfig: RawSettings,
  leave: (keys: readonly SettingKey[], because: string) => void,
): void {
  if (flags.target === undefined && fromConfig.target === 'url') {
    if (flags.handler !== undefined) leave(['target'], '--handler is given');
    else if (flags.backend !== undefined) {
      leave(['target', ...ASKED, ...OF_ONE_API], '--backend is given');
    }
  }
  if (flags.target === undefined || flags.target === fromConfig.target) return;
  const because = `--target is ${flags.target}`;
  if (flags.target === 'url') {
    const ofReference = fromConfig.operations === undefined ? OF_ONE_API : [];
    leave([...DEPLOYMENT, ...ofReference], because);
  } else if (fromConfig.target === 'url' && flags.handler === undefined) {
    const ofHandler = fromConfig.handler !== undefined;
    if (!ofHandler) leave([...ASKED, ...OF_ONE_API], because);
  }
}

export function sideOf(chosen: Chosen): Side {
  if (chosen.raw('target') === 'url') return 'deployed';
  return chosen.source('handler') === 'default' ? 'reference' : 'own';
}

/** What the target `url` cannot do without, all of it at once. */
function lackingOf(chosen: Chosen, hasEndpoints: boolean): string[] {
  return [
    ...(chosen.source('operations') === 'default'
      ? ['--operations, the .graphql file or folder with what to ask']
      : []),
    ...(hasEndpoints
      ? []
      : ['endpoints, one by --url or several below "endpoints" of bench.config.ts']),
  ];
}

function checkSides(chosen: Chosen, hasEndpoints: boolean): void {
  const given = (keys: readonly SettingKey[]) =>
    keys.find((key) => chosen.source(key) !== 'default');
  if (sideOf(chosen) === 'deployed') {
    const settled = given(DEPLOYMENT);
    const target = chosen.source('target') === 'flag' ? '--target url' : chosen.named('target');
    if (settled !== undefined) {
      throw new UsageError(
        `${chosen.named(settled)} means nothing to ${target}: your endpoints are measured as they are deployed; leave it out`,
      );
    }
    const lacking = lackingOf(chosen, hasEndpoints);
    if (lacking.length === 0) return;
    throw new UsageError(`${target} needs ${lacking.join(', and ')}`);
  }
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
export function keysOfSide(side: Side): SettingKey[] {
  return SETTING_KEYS.filter((key) => !NOT_OF[side].includes(key));
}
