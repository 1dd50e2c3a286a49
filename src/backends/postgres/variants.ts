import { UsageError } from '../../base/errors.ts';
import type { Endpoint } from '../../model/endpoint.ts';

/** What may make PostgreSQL slow on much data, each on its own. */
export interface Features {
  /** Indexes on what is asked by; else primary keys only. */
  index: boolean;
  /** The database orders, positions (by keyset) and cuts; else the handler, from all of a user's tweets. */
  limit: boolean;
  /** Tweets are joined to their user; else found by the handle they carry. */
  join: boolean;
}

function variant(name: string, index: boolean, limit: boolean, join: boolean) {
  return { name, features: { index, limit, join } };
}

/**
 * All eight, so that the effect of each feature and of their meetings can be computed. First what
 * people would run; the study ran `as-published`; the others are named by how they differ from that.
 */
export const VARIANTS = [
  variant('indexed', true, true, false),
  variant('as-published', false, false, true),
  variant('index', true, false, true),
  variant('limit', false, true, true),
  variant('no-join', false, false, false),
  variant('index-limit', true, true, true),
  variant('index-no-join', true, false, false),
  variant('limit-no-join', false, true, false),
] as const;

export function featuresOf({ variant: name }: Pick<Endpoint, 'variant'>): Features {
  const found = VARIANTS.find((one) => one.name === name);
  if (found !== undefined) return found.features;
  const names = VARIANTS.map((one) => one.name).join(', ');
  throw new UsageError(`--variant: postgres has no "${name}"; choose from ${names}`);
}

/** What tells a handler how to ask, whatever database it asks. */
export function queryEnvironment(endpoint: Pick<Endpoint, 'variant'>): { QUERY_FEATURES: string } {
  const { limit, join } = featuresOf(endpoint);
  const features = [limit ? 'limit' : null, join ? 'join' : null];
  return { QUERY_FEATURES: features.filter((feature) => feature !== null).join(',') };
}
