import type { DataSource } from '../sources/source.ts';

/** What resolvers ask, for the length of one request. */
export type Loaders = Pick<DataSource, 'getUser' | 'getTweets' | 'getTopTweet'>;

/** Called once a request: direct.ts asks one by one, batched.ts gathers. */
export type MakeLoaders = () => Loaders;
