import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../../base/errors.ts';
import { listed } from '../../base/words.ts';
import type { Asked } from '../../model/run.ts';
import type { Chosen, ConfigSettings } from './choose.ts';
import { type Flags, rawFromFlags } from './from-flags.ts';
import {
  flagOf,
  type RawSettings,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  settingOf,
} from './table.ts';

/** Settings of one command and not of what is measured: a resume may say them anew. */
const OF_COMMAND: readonly SettingKey[] = [
  'config',
  'results',
  'profile',
  'keepRaw',
  'yes',
  'json',
  'collectDeadline',
  'keep',
  'expires',
  'maxCost',
  'maxRequests',
  'maxTime',
  'iOwnThis',
];

/** Results hold no secrets, and no paths of a machine. */
function isKept(key: SettingKey): boolean {
  const { secret, path } = settingOf(key);
  return secret !== true && path !== true;
}

/** What was asked for, as far as it may be kept with the results. */
export function askedOf(chosen: Chosen): Asked {
  const given = SETTING_KEYS.filter(
    (key) => !OF_COMMAND.includes(key) && chosen.raw(key) !== undefined,
  );
  return {
    settings: Object.fromEntries(
      given.filter(isKept).map((key) => [key, chosen.raw(key) as Asked['settings'][string]]),
    ),
    notKept: given.filter((key) => !isKept(key)),
    headers: Object.keys(chosen.raw('headers') ?? {}),
  };
}

/** What a resume is told: settings of the run's own, and what it could not keep. */
export interface ResumeSettings {
  flags: Flags;
  config: ConfigSettings | null;
  /** As if flags had said it. */
  raw: RawSettings;
}

/**
 * Puts what a run was asked for together with what has to be said again. Of a configuration only that
 * counts. Throws UsageError for a flag that says otherwise than the run, and for what is missing.
 */
export function resumeSettings(
  asked: Asked,
  flags: Flags,
  config: ConfigSettings | null,
  runId: string,
): ResumeSettings {
  const again = asked.notKept.flatMap((name) => SETTING_KEYS.find((key) => key === name) ?? []);
  const given = rawFromFlags(flags);
  for (const key of Object.keys(given) as SettingKey[]) {
    if (OF_COMMAND.includes(key) || again.includes(key) || isSame(key, given, asked)) continue;
    const before = asked.settings[key] ?? settingOf(key).default;
    const then = before === undefined || !isKept(key) ? 'without it' : `with ${textOf(before)}`;
    throw new UsageError(
      `${flagOf(key)}: the run ${runId} was begun ${then}, and goes on as it was planned\n  leave it out, or begin a new run`,
    );
  }
  const fromConfig = Object.fromEntries(
    Object.entries(config?.raw ?? {}).filter(([name]) =>
      [...OF_COMMAND, ...again].some((key) => key === name),
    ),
  ) as RawSettings;
  const missing = again.filter((key) => given[key] === undefined && fromConfig[key] === undefined);
  if (missing.length > 0) {
    const named = missing.map((key) =>
      key === 'headers' ? `${flagOf(key)} (${asked.headers.join(', ')})` : flagOf(key),
    );
    throw new UsageError(
      `the run ${runId} was begun with ${listed(named)}, which results do not hold\n  give ${named.length === 1 ? 'it' : 'them'} again beside --resume`,
    );
  }
  checkHeaders(asked, given.headers ?? fromConfig.headers ?? {}, runId);
  return {
    flags,
    config: config === null ? null : { ...config, raw: fromConfig },
    raw: asked.settings as RawSettings,
  };
}

function isSame(key: SettingKey, given: RawSettings, { settings }: Asked): boolean {
  const value = given[key];
  if (settings[key] !== undefined) return isDeepStrictEqual(settings[key], value);
  const usual = 'default' in SETTINGS[key] ? SETTINGS[key].default : undefined;
  return usual !== undefined && value !== undefined && textOf(value) === usual;
}

/** Values are secret; that one is missing would be seen only in every answer. */
function checkHeaders(asked: Asked, given: Readonly<Record<string, string>>, runId: string): void {
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort();
  const now = Object.keys(given);
  if (isDeepStrictEqual(lower(asked.headers), lower(now))) return;
  throw new UsageError(
    `--header: the run ${runId} was begun with ${asked.headers.join(', ')}, and now it is ${now.join(', ')}\n  send the same headers, with values that are good now`,
  );
}

function textOf(value: Asked['settings'][string]): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.join(',');
  return Object.entries(value)
    .map(([name, weight]) => `${name}=${weight}`)
    .join(',');
}
