import { Pool } from 'pg';
import { traceQuery } from '../lib/trace-sql.ts';
import { nowSeconds } from '../lib/xray.ts';
import { withPostgresErrors } from './postgres-errors.ts';
import { inOrderOf, isText, isTweet, type MaybeTweet, newestOf } from './postgres-rows.ts';
import { type PostgresSettings, postgresSettings } from './postgres-settings.ts';
import type { DataSource, User } from './source.ts';

/**
 * PostgreSQL by SQL. An environment serves one request at a time and has one connection: made by the
 * first query, kept for the environment's life, made anew after it broke. Queries wait for it in turn.
 */
export function source(): DataSource {
  const settings = postgresSettings();
  const sql = statements(settings);
  const connection = settings.byToken ?? { connectionString: settings.url };
  const pool = new Pool({ ...connection, max: 1, idleTimeoutMillis: 0 });
  // Told of a connection that broke while it was idle: the pool has let go of it.
  pool.on('error', () => {});

  function query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    const traced = traceQuery(
      settings.traced,
      () => text,
      async (connected) => {
        const start_time = nowSeconds();
        const isFirst = pool.totalCount === 0;
        const client = await pool.connect();
        if (isFirst) connected({ start_time, end_time: nowSeconds() });
        try {
          return (await client.query<Row>(text, values)).rows;
        } finally {
          client.release();
        }
      },
    );
    return withPostgresErrors(traced);
  }

  return {
    async getUser(handle) {
      if (!isText(handle)) return undefined;
      const [user] = await query<User>(sql.user, [handle]);
      return user;
    },
    async getUsers(handles) {
      return inOrderOf(handles, await query<User>(sql.users, [handles.filter(isText)]));
    },
    async getTweets(handle, limit, after) {
      if (settings.limit) {
        const rows = after
          ? await query<MaybeTweet>(sql.nextPage, [handle, limit, after.created_at, after.tweet_id])
          : await query<MaybeTweet>(sql.firstPage, [handle, limit]);
        return rows.filter(isTweet);
      }
      const rows = await query<MaybeTweet>(sql.allTweets, [handle]);
      return newestOf(rows.filter(isTweet), limit, after);
    },
    async getTopTweet(handle) {
      const rows = await query<MaybeTweet>(sql.topTweet, [handle]);
      return rows.find(isTweet);
    },
  };
}

/** One text per question; each variant's differ. */
export function statements({
  schema,
  limit,
  join,
}: Pick<PostgresSettings, 'schema' | 'limit' | 'join'>) {
  const users = `"${schema}".users`;
  const tweets = `"${schema}".tweets`;
  const userColumns = 'handle, name, description, followers_count, following';
  const found = join
    ? `from ${users} u left join ${tweets} t on t.user_id = u.user_id where u.handle = $1`
    : `from ${tweets} t where t.handle = $1`;
  const allTweets = `select t.tweet_id, t.tweet, t.handle, t.created_at ${found}`;
  const newest = 'order by t.created_at desc, t.tweet_id desc limit $2';
  return {
    user: `select ${userColumns} from ${users} where handle = $1`,
    users: `select ${userColumns} from ${users} where handle = any($1)`,
    allTweets,
    firstPage: `${allTweets} ${newest}`,
    nextPage: `${allTweets} and (t.created_at, t.tweet_id) < ($3, $4) ${newest}`,
    topTweet: `${allTweets} order by t.retweet_count desc${limit ? ' limit 1' : ''}`,
  };
}
