import { join } from 'node:path';
import { UsageError } from './errors.ts';

/**
 * Where things that cost time to get are kept between runs (k6): `$BENCH_CACHE`, else
 * `$XDG_CACHE_HOME/graphql-lambda-bench`, else `~/.cache/graphql-lambda-bench`. It may not exist yet.
 */
export function cacheFolder(env: Record<string, string | undefined>): string {
  if (env.BENCH_CACHE) return absolute('BENCH_CACHE', env.BENCH_CACHE);
  const own = 'graphql-lambda-bench';
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, own);
  if (env.HOME) return join(absolute('HOME', env.HOME), '.cache', own);
  throw new UsageError(
    'there is no folder to keep k6 in: set BENCH_CACHE to an absolute path (HOME is not set)',
  );
}

function absolute(name: string, path: string): string {
  if (path.startsWith('/')) return path;
  throw new UsageError(`${name}: "${path}" is not an absolute path`);
}
