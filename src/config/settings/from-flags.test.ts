import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flagKey, rawFromFlags } from './from-flags.ts';
import { flagOf, SETTING_KEYS } from './table.ts';

/** What can stand between commas. */
const entry = fc.stringMatching(/^[^\s,=:]+( [^\s,=:]+)?$/);

test('a list is what stands between its commas, without spaces around', () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1 }), (items) => {
      expect(rawFromFlags({ server: items.join(' , ') })).toEqual({ server: items });
    }),
  );
});

test('weights and headers are pairs; a header value may hold what divides', () => {
  const pairs = fc.dictionary(entry, entry, { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(pairs, (weights) => {
      const written = Object.entries(weights);
      const flags = {
        weights: written.map(([name, value]) => `${name}=${value}`).join(','),
        header: written.map(([name, value]) => `${name}: ${value}:=,${value}`),
      };
      const raw = rawFromFlags(flags);
      expect(Object.entries(raw.weights ?? {})).toEqual(written);
      expect(Object.entries(raw.headers ?? {})).toEqual(
        written.map(([name, value]) => [name, `${value}:=,${value}`]),
      );
    }),
  );
});

test('every setting has a flag of its own, which commander knows by a name of its own', () => {
  expect(flagOf('dataLayer')).toBe('--data-layer');
  expect(flagOf('headers')).toBe('--header');
  expect(flagKey('postgresUrl')).toBe('postgresUrl');
  expect(new Set(SETTING_KEYS.map(flagOf)).size).toBe(SETTING_KEYS.length);
});
