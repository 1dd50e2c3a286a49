/** Statements that make the tables in a schema of ours; names are quoted by the caller's `schema`. */
export interface Tables {
  create: readonly string[];
  /** After the rows: faster, and as compact as it gets. */
  keys: readonly string[];
  indexes: readonly string[];
}

/**
 * The study's tables. Texts compare by their bytes ("C"): the same order as in the handler and in
 * every database, whatever its locale. Instants are ISO 8601 texts, as all backends keep them.
 */
export function tables(schema: string): Tables {
  const users = `${schema}.users`;
  const tweets = `${schema}.tweets`;
  return {
    create: [
      `create schema ${schema}`,
      `create table ${users} (
        user_id integer not null,
        handle text collate "C" not null,
        name text not null,
        description text not null,
        followers_count integer not null,
        following text[] not null)`,
      `create table ${tweets} (
        tweet_id text collate "C" not null,
        tweet text not null,
        handle text collate "C" not null,
        created_at text collate "C" not null,
        retweet_count integer not null,
        user_id integer not null)`,
    ],
    keys: [
      `alter table ${users} add primary key (user_id)`,
      `alter table ${tweets} add primary key (tweet_id)`,
    ],
    // For either way to a user's tweets, so that with and without a join compare the join alone.
    indexes: [
      `create unique index on ${users} (handle)`,
      `create index on ${tweets} (user_id, created_at, tweet_id)`,
      `create index on ${tweets} (handle, created_at, tweet_id)`,
      `create index on ${tweets} (user_id, retweet_count)`,
      `create index on ${tweets} (handle, retweet_count)`,
    ],
  };
}
