import { expect, it } from 'vitest';
import { cacheFolder } from './cache.ts';
import { UsageError } from './errors.ts';

it('is where the user says, else where caches are', () => {
  const all = { BENCH_CACHE: '/b', XDG_CACHE_HOME: '/x', HOME: '/h' };
  expect(cacheFolder(all)).toBe('/b');
  expect(cacheFolder({ ...all, BENCH_CACHE: '' })).toBe('/x/graphql-lambda-bench');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative', HOME: '/h' })).toBe(
    '/h/.cache/graphql-lambda-bench',
  );
});

it('is never relative to where we happen to be', () => {
  expect(() => cacheFolder({ BENCH_CACHE: 'cache' })).toThrow(UsageError);
  expect(() => cacheFolder({})).toThrow('BENCH_CACHE');
});
