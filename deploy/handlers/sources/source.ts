/** What stands behind the resolvers: one file per data layer. Rows as the data set has them. */
export interface DataSource {
  getUser(handle: string): Promise<User | undefined>;
  /** The users in the order of the handles, at most 100, with one call to the backend. */
  getUsers(handles: readonly string[]): Promise<(User | undefined)[]>;
  /** Newest first, `limit` at most, after the tweet the cursor names. */
  getTweets(handle: string, limit: number, after: Cursor | undefined): Promise<Tweet[]>;
  getTopTweet(handle: string): Promise<Tweet | undefined>;
}

export interface User {
  handle: string;
  name: string;
  description: string;
  followers_count: number;
  following: string[];
}

export interface Tweet {
  tweet_id: string;
  tweet: string;
  handle: string;
  created_at: string;
}

/** A position in a user's tweets; created_at is unique per user, tweet_id breaks ties elsewhere. */
export type Cursor = Pick<Tweet, 'created_at' | 'tweet_id'>;
