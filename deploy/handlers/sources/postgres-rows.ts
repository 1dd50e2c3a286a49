import type { Cursor, Tweet, User } from './source.ts';

/** A row of a left join: null where the user has no tweets. */
export type MaybeTweet = { [field in keyof Tweet]: Tweet[field] | null };

export function isTweet(row: MaybeTweet): row is Tweet {
  return row.tweet_id !== null;
}

/** What `order by`, a keyset condition and `limit` do, done here from all of a user's tweets. */
export function newestOf(tweets: readonly Tweet[], limit: number, after?: Cursor): Tweet[] {
  return tweets
    .filter((tweet) => after === undefined || byAge(tweet, after) > 0)
    .sort(byAge)
    .slice(0, limit);
}

/** Newest first. */
function byAge(a: Cursor, b: Cursor): number {
  return -(compare(a.created_at, b.created_at) || compare(a.tweet_id, b.tweet_id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** PostgreSQL's texts hold every character but this one: no handle has it. */
export function isText(handle: string): boolean {
  return !handle.includes('\0');
}

export function inOrderOf(handles: readonly string[], users: readonly User[]) {
  const byHandle = new Map(users.map((user) => [user.handle, user]));
  return handles.map((handle) => byHandle.get(handle));
}
