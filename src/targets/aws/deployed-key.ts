import type { Endpoint } from '../../model/endpoint.ts';

/** What goes without saying in a key. */
const USUAL_RUNTIME = 'nodejs24.x';
const USUAL_TIMEOUT_S = 30;
const USUAL_ARCHITECTURE = 'arm64';

/** What endpoints on one function share; the rest (front, concurrency, load) is not the function's. */
type OfFunction = Pick<
  Endpoint,
  | 'backend'
  | 'variant'
  | 'dataLayer'
  | 'batching'
  | 'memoryMb'
  | 'server'
  | 'dataset'
  | 'runtime'
  | 'timeoutS'
  | 'provisionedConcurrency'
  | 'responseStreaming'
  | 'revision'
>;

/**
 * The function an endpoint is on, of letters, digits and hyphens, as it stands in paths and outputs:
 * `postgres-1024-apollo-indexed-pg-x1`. Endpoints with the same key share a function. Not in it is the
 * code itself: that is compared by its SHA-256.
 */
export function deployedKey(of: OfFunction, architecture = USUAL_ARCHITECTURE): string {
  const parts = [
    of.backend,
    of.memoryMb,
    of.server,
    of.variant,
    of.dataLayer,
    of.batching ? 'batched' : null,
    of.responseStreaming ? 'streamed' : null,
    of.dataset,
    of.runtime === USUAL_RUNTIME ? null : of.runtime,
    of.timeoutS === USUAL_TIMEOUT_S ? null : `${of.timeoutS}s`,
    architecture === USUAL_ARCHITECTURE ? null : architecture,
    // Behind an alias: its concurrency can be provisioned.
    of.provisionedConcurrency > 0 ? 'live' : null,
    of.revision,
  ];
  return parts
    .filter((part) => part !== null)
    .join('-')
    .replace(/[^A-Za-z0-9]+/g, '-');
}
