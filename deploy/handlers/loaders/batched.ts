import DataLoader from 'dataloader';
import type { DataSource, User } from '../sources/source.ts';
import type { MakeLoaders } from './loaders.ts';

/** What DynamoDB takes at most, and no query string or statement is too long with. */
const LARGEST_BATCH = 100;

/** Users asked for in one turn of a request are fetched with one call, and each of them once. */
export function loaders(source: DataSource): MakeLoaders {
  return () => {
    const users = new DataLoader<string, User | undefined>((handles) => source.getUsers(handles), {
      maxBatchSize: LARGEST_BATCH,
    });
    return {
      getUser: (handle) => users.load(handle),
      getTweets: source.getTweets,
      getTopTweet: source.getTopTweet,
    };
  };
}
