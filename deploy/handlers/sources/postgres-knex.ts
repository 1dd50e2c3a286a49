import createKnex, { type Knex } from 'knex';
import { type Interval, traceQuery } from '../lib/trace-sql.ts';
import { nowSeconds } from '../lib/xray.ts';
import { withPostgresErrors } from './postgres-errors.ts';
import { inOrderOf, isText, isTweet, type MaybeTweet, newestOf } from './postgres-rows.ts';
import { type PostgresSettings, postgresSettings } from './postgres-settings.ts';
import type { Cursor, DataSource, User } from './source.ts';

/** The same questions as postgres-pg.ts, by a query builder, as the study had them. */
export function source(): DataSource {
  const settings = postgresSettings();
  const knex = createKnex({
    client: 'pg',
    connection: settings.byToken ?? settings.url,
    // One connection, made by the first query and kept.
    pool: { min: 1, max: 1 },
    // Without values: they would stand in messages.
    compileSqlOnError: false,
    log: { warn: console.error },
  });
  const setUps = watchSetUps(knex);
  const build = queries(knex, settings);

  function rowsOf<Row>(builder: Knex.QueryBuilder): Promise<Row[]> {
    const sql = () => builder.toSQL().toNative().sql;
    const traced = traceQuery(settings.traced, sql, async (connected) => {
      try {
        return await builder;
      } catch (error) {
        throw withoutQuery(error as Error, sql());
      } finally {
        // Taken also where the query failed: it is not the next one's.
        const setUp = setUps.take();
        if (setUp !== undefined) connected(setUp);
      }
    });
    return withPostgresErrors(traced);
  }

  return {
    async getUser(handle) {
      if (!isText(handle)) return undefined;
      const [user] = await rowsOf<User>(build.user(handle));
      return user;
    },
    async getUsers(handles) {
      return inOrderOf(handles, await rowsOf<User>(build.users(handles.filter(isText))));
    },
    async getTweets(handle, limit, after) {
      if (settings.limit) {
        const rows = await rowsOf<MaybeTweet>(build.page(handle, limit, after));
        return rows.filter(isTweet);
      }
      const rows = await rowsOf<MaybeTweet>(build.tweets(handle));
      return newestOf(rows.filter(isTweet), limit, after);
    },
    async getTopTweet(handle) {
      const rows = await rowsOf<MaybeTweet>(build.topTweet(handle));
      return rows.find(isTweet);
    },
  };
}

function queries(knex: Knex, { schema, limit, join }: PostgresSettings) {
  const users = () =>
    knex
      .withSchema(schema)
      .select('handle', 'name', 'description', 'followers_count', 'following')
      .from('users');
  const tweets = (handle: string): Knex.QueryBuilder => {
    const columns = ['t.tweet_id', 't.tweet', 't.handle', 't.created_at'];
    const select = knex.withSchema(schema).select(columns);
    return join
      ? select
          .from('users as u')
          .leftJoin('tweets as t', 't.user_id', 'u.user_id')
          .where('u.handle', handle)
      : select.from('tweets as t').where('t.handle', handle);
  };
  return {
    user: (handle: string) => users().where({ handle }),
    users: (handles: readonly string[]) =>
      users().whereRaw('handle = any(:handles)', { handles: [...handles] }),
    tweets,
    page: (handle: string, size: number, after: Cursor | undefined) => {
      const page = tweets(handle)
        .orderBy([
          { column: 't.created_at', order: 'desc' },
          { column: 't.tweet_id', order: 'desc' },
        ])
        .limit(size);
      if (after === undefined) return page;
      return page.whereRaw('(t.created_at, t.tweet_id) < (?, ?)', [
        after.created_at,
        after.tweet_id,
      ]);
    },
    topTweet: (handle: string) => {
      const ranked = tweets(handle).orderBy('t.retweet_count', 'desc');
      return limit ? ranked.limit(1) : ranked;
    },
  };
}

/** PostgreSQL's own words: Knex puts the query before them. */
function withoutQuery(error: Error, sql: string): Error {
  const before = `${sql} - `;
  if (error.message.startsWith(before)) error.message = error.message.slice(before.length);
  return error;
}

/** The pool of Knex tells when it sets up a connection, not for which query. */
function watchSetUps(knex: Knex) {
  const pool = knex.client.pool as {
    on(event: 'createRequest' | 'createSuccess', listener: () => void): void;
  };
  let start_time = 0;
  let last: Interval | undefined;
  pool.on('createRequest', () => {
    start_time = nowSeconds();
  });
  pool.on('createSuccess', () => {
    last = { start_time, end_time: nowSeconds() };
  });
  return {
    take(): Interval | undefined {
      const taken = last;
      last = undefined;
      return taken;
    },
  };
}
