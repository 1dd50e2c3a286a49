import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDurationS, parseDurationS } from './duration.ts';
import { UsageError } from './errors.ts';

test.each([
  ['250ms', 0.25],
  ['20s', 20],
  ['1.5m', 90],
  ['1m30s', 90],
  ['1h', 3600],
])('%s is %d s', (text, seconds) => {
  expect(parseDurationS(text, '--hold')).toBe(seconds);
});

test('anything else is refused with the name of the flag, and nothing else is thrown', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parseDurationS(text, '--hold')).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect((error as UsageError).message).toContain('--hold');
      }
    }),
  );
});

test('durations for people', () => {
  expect([0.25, 9.96, 42, 185, 3720, 7320].map(formatDurationS)).toEqual([
    '0.3 s',
    '10 s',
    '42 s',
    '3 m 05 s',
    '62 m 00 s',
    '2 h 02 m',
  ]);
});
