import { GraphQLError } from 'graphql';
import type { Loaders } from '../loaders/loaders.ts';
import type { Tweet, User } from '../sources/source.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

interface Page {
  limit: number;
  nextToken?: string | null;
}

/** A page DynamoDB answers with one call (1 MB) for any limit, so that a limit means the same everywhere. */
const LONGEST_PAGE = 100;

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
      if (limit < 1 || limit > LONGEST_PAGE) {
        throw new GraphQLError(`limit is not from 1 to ${LONGEST_PAGE}`, {
          extensions: { code: 'BAD_USER_INPUT' },
        });
      }
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
