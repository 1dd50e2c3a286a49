import type { Dataset, Tweet } from '../../../../fixtures/dataset/dataset.ts';

/**
 * Tweets of a user, newest first, `limit` at most, after (so older than) the position. A row is
 * computed when it is asked for, and the place of a position found by halving, so that neither time
 * nor memory grows with the data set: as with an index.
 */
export function tweetsOf(
  rows: Dataset,
  userIndex: number,
  limit: number,
  after: Pick<Tweet, 'created_at' | 'tweet_id'> | undefined,
): Tweet[] {
  const end =
    after === undefined ? rows.tweetsPerUser : firstNotOlder(rows, userIndex, positionOf(after));
  const tweets: Tweet[] = [];
  for (let index = end - 1; index >= 0 && tweets.length < limit; index -= 1) {
    tweets.push(rows.tweet(userIndex, index));
  }
  return tweets;
}

/** How many of the user's tweets, which are numbered by age, come before the position. */
function firstNotOlder(rows: Dataset, userIndex: number, position: string): number {
  let low = 0;
  let high = rows.tweetsPerUser;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positionOf(rows.tweet(userIndex, middle)) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both are of constant length, so that texts compare as instants and then ids. */
function positionOf({ created_at, tweet_id }: Pick<Tweet, 'created_at' | 'tweet_id'>): string {
  return `${created_at},${tweet_id}`;
}
