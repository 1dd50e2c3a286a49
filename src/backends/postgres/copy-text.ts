import type { Dataset } from '../../../fixtures/dataset/dataset.ts';

/** Text of COPY is handed over in pieces of about this many characters. */
const PIECE_CHARACTERS = 64 * 1024;

/** Users as COPY's text format has rows. Their ids count from 1. */
export function usersText({ users }: Dataset): Generator<string> {
  return pieces(
    users.map((user, index) => [
      index + 1,
      user.handle,
      user.name,
      user.description,
      user.followers_count,
      arrayText(user.following),
    ]),
  );
}

/** Tweets likewise, user by user, oldest first; `written` hears of the count so far. */
export function tweetsText(rows: Dataset, written: (count: number) => void): Generator<string> {
  return pieces(tweetRows(rows, written));
}

function* tweetRows(rows: Dataset, written: (count: number) => void): Generator<Field[]> {
  let count = 0;
  for (let user = 0; user < rows.users.length; user += 1) {
    for (let index = 0; index < rows.tweetsPerUser; index += 1) {
      const tweet = rows.tweet(user, index);
      const { tweet_id, handle, created_at, retweet_count } = tweet;
      yield [tweet_id, tweet.tweet, handle, created_at, retweet_count, user + 1];
    }
    count += rows.tweetsPerUser;
    written(count);
  }
}

type Field = string | number;

function* pieces(rows: Iterable<Field[]>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += `${row.map(fieldText).join('\t')}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Source: PostgreSQL's manual, "COPY", Text Format. */
function fieldText(field: Field): string {
  if (typeof field === 'number') return String(field);
  return field.replace(/[\\\t\n\r]/g, (character) => ESCAPED[character] ?? character);
}

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function arrayText(elements: readonly string[]): string {
  return `{${elements.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
