import { resolve } from 'node:path';
import { type RawSettings, SETTING_KEYS, type SettingKey, settingOf } from '../settings/table.ts';
import type { BenchConfig } from './schema.ts';

/**
 * A checked configuration as raw settings, as if it had been written as flags: numbers and booleans
 * become their text, one value a list of one. Paths become absolute, from the configuration's folder.
 */
export function rawFromConfig(config: BenchConfig, folder: string): RawSettings {
  const { scenario, gate: _, endpoints: __, ...others } = config;
  const load =
    typeof scenario === 'object' ? { ...scenario, scenario: scenario.kind } : { scenario };
  const values: Partial<Record<SettingKey, unknown>> = { ...others, ...load };
  const entries = SETTING_KEYS.flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [[key, rawOf(key, value, folder)]];
  });
  return Object.fromEntries(entries) as RawSettings;
}

function rawOf(key: SettingKey, value: unknown, folder: string): unknown {
  const { kind, path } = settingOf(key);
  const text = (one: unknown) => {
    if (typeof one === 'boolean') return one ? 'on' : 'off';
    return path === true ? resolve(folder, String(one)) : String(one);
  };
  switch (kind) {
    case 'switch':
      return value;
    case 'text':
      return text(value);
    case 'list':
      return Array.isArray(value) ? value.map(text) : [text(value)];
    case 'weights':
    case 'headers':
      return Object.fromEntries(
        Object.entries(value as Record<string, unknown>).map(([name, one]) => [name, String(one)]),
      );
  }
}
