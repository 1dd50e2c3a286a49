import { expect, it } from 'vitest';
import { randomPrefix, traceHeader, traceIdOf, traceIds } from './trace.ts';

it('makes ids of the second, the prefix and the iteration', () => {
  const prefix = randomPrefix(() => 0.5);
  expect(prefix).toBe('8000000080000000');
  const traceId = traceIds(prefix);
  expect(traceId(1_700_000_000_999, 255)).toBe('1-6553f100-8000000080000000000000ff');
  expect(traceId(1_700_000_001_000, 256)).toBe('1-6553f101-800000008000000000000100');
});

it('writes and reads the header', () => {
  expect(traceHeader('1-a-b', true)).toBe('Root=1-a-b;Sampled=1');
  expect(traceHeader('1-a-b', false)).toBe('Root=1-a-b;Sampled=0');
  expect(traceIdOf('Sampled=1;Root=1-a-b;Parent=c')).toBe('1-a-b');
  expect(traceIdOf('Root=1-a-b')).toBe('1-a-b');
  expect([traceIdOf('Self=1'), traceIdOf(''), traceIdOf(undefined)]).toEqual(['', '', '']);
});
