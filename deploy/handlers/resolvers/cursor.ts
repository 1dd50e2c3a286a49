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
    if (typeof created_at === 'string' && typeof tweet_id === 'string') {
      return { created_at, tweet_id };
    }
  }
  throw new GraphQLError('nextToken is not one of this API', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
