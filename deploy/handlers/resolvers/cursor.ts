import { GraphQLError } from 'graphql';
import type { Cursor } from '../sources/source.ts';

/**
 * `nextToken`: base64url of `[created_at, tweet_id]` of the last tweet of a full page. The same for
 * every data source, so that the answers are too.
 */
export function encodeCursor({ created_at, tweet_id }: Cursor): string {
  return Buffer.from(JSON.stringify([created_at, tweet_id])).toString('base64url');
}

export function decodeCursor(token: string): Cursor {
  const fields = parsed(Buffer.from(token, 'base64url').toString());
  if (Array.isArray(fields) && fields.length === 2) {
    const [created_at, tweet_id] = fields;
    if (isInstant(created_at) && isTweetId(tweet_id)) return { created_at, tweet_id };
  }
  throw new GraphQLError('nextToken is not one of this API', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** As the rows have it: what is compared as text here is a time stamp for another source. */
function isInstant(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value;
}

function isTweetId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,18}$/.test(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
