import { GraphQLError } from 'graphql';
import type { DataSource, Tweet, User } from '../sources/source.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

interface Page {
  limit: number;
  nextToken?: string | null;
}

/** The schema over any data source. */
export function resolvers(source: DataSource) {
  return {
    Query: {
      async getUserInfo(_: unknown, { handle }: { handle: string }): Promise<User> {
        const user = await source.getUser(handle);
        if (user === undefined) {
          throw new GraphQLError('User not found', { extensions: { code: 'NOT_FOUND' } });
        }
        return user;
      },
    },
    User: {
      async tweets({ handle }: User, { limit, nextToken }: Page) {
        const after = nextToken ? decodeCursor(nextToken) : undefined;
        const items = await source.getTweets(handle, limit, after);
        const last = items.at(-1);
        return { items, nextToken: last && items.length === limit ? encodeCursor(last) : null };
      },
      async topTweet({ handle }: User): Promise<Tweet | undefined> {
        return await source.getTopTweet(handle);
      },
    },
  };
}

export type Resolvers = ReturnType<typeof resolvers>;
