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

test('a path that is empty, as an unset variable makes it, is refused', () => {
  for (const key of ['results', 'operations', 'envFile', 'config'] as const) {
    expect(() => rawFromFlags({ [key]: '' })).toThrow(`${flagOf(key)}: no path is given`);
  }
});

test('a name that stands there twice is shown where it is one', () => {
  expect(() => rawFromFlags({ weights: 'A=1,A=2' })).toThrow('--weights: "A" stands there twice');
  expect(() => rawFromFlags({ header: ['x-a: 1', 'x-a: 2'] })).toThrow('"x-a" stands there twice');
  expect(() => rawFromFlags({ header: ['Bearer x:1', 'Bearer x:2'] })).toThrow(
    '--header: a name stands there twice',
  );
});

test('every setting has a flag of its own, which commander knows by a name of its own', () => {
  expect(flagOf('dataLayer')).toBe('--data-layer');
  expect(flagOf('headers')).toBe('--header');
  expect(flagKey('postgresUrl')).toBe('postgresUrl');
  expect(new Set(SETTING_KEYS.map(flagOf)).size).toBe(SETTING_KEYS.length);
});
