import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LOAD_DEFAULTS } from '../settings/load-profile.ts';
import { LOAD_KEYS, SETTING_KEYS, settingOf } from '../settings/table.ts';
import { configJsonSchema, configSchema } from './schema.ts';

test('the published JSON Schema is that of the program (else: npm run schema)', () => {
  const published = join(import.meta.dirname, '../../../docs/config.schema.json');
  expect(readFileSync(published, 'utf8')).toBe(configJsonSchema());
});

test('a configuration can say what flags can, and nothing else', () => {
  const load: readonly string[] = LOAD_KEYS;
  const said = SETTING_KEYS.filter(
    (key) => settingOf(key).flagOnly !== true && !load.includes(key),
  );
  expect(Object.keys(configSchema.shape).sort()).toEqual(
    ['$schema', 'endpoints', 'gate', ...said].sort(),
  );
});

test.each(Object.entries(LOAD_DEFAULTS))(
  'a scenario %s takes its own settings',
  (kind, defaults) => {
    const typed = Object.entries(defaults).map(([key, text]) => [
      key,
      // The rate of a burst has no number until the host was measured.
      key === 'rate' || /^\d+$/.test(text) ? Number(text) || 50 : text,
    ]);
    const scenario = { kind, ...Object.fromEntries(typed) };
    expect(configSchema.safeParse({ scenario }).success).toBe(true);
    expect(configSchema.safeParse({ scenario: { kind, speed: 1 } }).success).toBe(false);
  },
);
