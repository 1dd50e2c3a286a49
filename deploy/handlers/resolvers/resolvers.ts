import { GraphQLError } from 'graphql';
import type { Loaders } from '../loaders/loaders.ts';
import type { Tweet, User } from '../sources/source.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

interface Page {
  limit: number;
  nextToken?: string | null;
}

/** The schema's fields over the loaders of a request, which are the context. */
export const resolvers = {
  Query: {
    async getUserInfo(_: unknown, { handle }: { handle: string }, loaders: Loaders): Promise<User> {
      const user = await loaders.getUser(handle);
      if (user === undefined) {
        throw new GraphQLError('User not found', { extensions: { code: 'NOT_FOUND' } });
      }
      return user;
    },
  },
  User: {
    async tweets({ handle }: User, { limit, nextToken }: Page, loaders: Loaders) {
      const after = nextToken ? decodeCursor(nextToken) : undefined;
      const items = await loaders.getTweets(handle, limit, after);
      const last = items.at(-1);
      return { items, nextToken: last && items.length === limit ? encodeCursor(last) : null };
    },
    async topTweet({ handle }: User, _: unknown, loaders: Loaders): Promise<Tweet | undefined> {
      return await loaders.getTopTweet(handle);
    },
  },
};
