import { UsageError } from '../../base/errors.ts';
import { flagOf, type RawSettings, SETTING_KEYS, type SettingKey, settingOf } from './table.ts';
import { split } from './values.ts';

/** What commander hands over: a string, or true of a switch, or strings of a flag that repeats. */
export type Flags = Readonly<Record<string, unknown>>;

/** The key commander keeps a setting's value under: its flag in camel case. */
export function flagKey(key: SettingKey): string {
  return flagOf(key)
    .slice(2)
    .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The flags that were given, as raw settings. Throws UsageError naming the flag. */
export function rawFromFlags(flags: Flags): RawSettings {
  const entries = SETTING_KEYS.flatMap((key) => {
    const given = flags[flagKey(key)];
    return given === undefined ? [] : [[key, rawOf(key, given)]];
  });
  return Object.fromEntries(entries) as RawSettings;
}

function rawOf(key: SettingKey, given: unknown): unknown {
  const named = flagOf(key);
  const { kind, path } = settingOf(key);
  switch (kind) {
    case 'switch':
      return given === true;
    case 'text':
      // A variable of the shell that is not set would mean the working folder.
      if (path === true && given === '') throw new UsageError(`${named}: no path is given`);
      return String(given);
    case 'list':
      return split(String(given), named);
    case 'weights':
      return pairs(split(String(given), named), named, '=', 'write UserProfile=3,TenUsers=1');
    case 'headers':
      return pairs(given as string[], named, ':', "write 'name: value'");
  }
}

/** A message shows the names of headers only: what is no pair may be a secret. */
export function pairs(
  items: readonly string[],
  named: string,
  separator: '=' | ':',
  advice: string,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const item of items) {
    const at = item.indexOf(separator);
    if (at < 1) {
      const shown = separator === ':' ? 'an entry' : `"${item}"`;
      throw new UsageError(`${named}: ${shown} has no "${separator}"; ${advice}`);
    }
    const name = item.slice(0, at).trim();
    if (Object.hasOwn(found, name)) {
      const plain = separator === '=' || /^[\w-]+$/.test(name);
      const shown = plain ? `"${name}"` : 'a name';
      throw new UsageError(`${named}: ${shown} stands there twice`);
    }
    Object.defineProperty(found, name, {
      value: item.slice(at + 1).trim(),
      enumerable: true,
    });
  }
  return found;
}
