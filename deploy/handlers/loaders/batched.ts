import DataLoader from 'dataloader';
import type { DataSource, User } from '../sources/source.ts';
import type { MakeLoaders } from './loaders.ts';

/** Users asked for in one turn of a request are fetched with one call, and each of them once. */
export function loaders(source: DataSource): MakeLoaders {
  return () => {
    const users = new DataLoader<string, User | undefined>((handles) => source.getUsers(handles));
    return {
      getUser: (handle) => users.load(handle),
      getTweets: source.getTweets,
      getTopTweet: source.getTopTweet,
    };
  };
}
