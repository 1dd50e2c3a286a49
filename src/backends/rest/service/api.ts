import { createHash, timingSafeEqual } from 'node:crypto';
import type { Dataset, Tweet, User } from '../../../../fixtures/dataset/dataset.ts';
import { tweetsOf } from './tweets.ts';

/** What the service is asked, without HTTP around it. */
export interface ApiRequest {
  method: string;
  /** Path and query, as in the request line. */
  target: string;
  authorization: string | undefined;
}

export interface ApiReply {
  status: number;
  /** Sent as JSON; an error is `{"error": {"code", "message"}}`. */
  body: unknown;
  headers?: Record<string, string>;
}

const MOST_HANDLES = 100;
const MOST_TWEETS = 1_000;

/**
 * The service's endpoints, all GET and behind `Authorization: Bearer`:
 * - `/users/HANDLE`: a user
 * - `/users?handle=A&handle=B…`: `{users}`, those that there are, at most 100
 * - `/users/HANDLE/tweets?limit=N[&after=CREATED_AT,TWEET_ID]`: `{tweets}`, newest first, at most 1,000
 * - `/users/HANDLE/tweets/top`: a tweet
 * - `/friends/list?handle=HANDLE`: `{users}`, those the user follows
 */
export function createApi(rows: Dataset, token: string): (request: ApiRequest) => ApiReply {
  const users = new Map(rows.users.map((user, index) => [user.handle, { user, index }]));
  const expected = sha256(`Bearer ${token}`);

  function known(handle: string): { user: User; index: number } {
    const found = users.get(handle);
    if (found === undefined) throw refusal(404, 'not_found', `there is no user ${handle}`);
    return found;
  }

  function existing(handles: readonly string[]): { users: User[] } {
    return { users: handles.flatMap((handle) => users.get(handle)?.user ?? []) };
  }

  function several(query: URLSearchParams): { users: User[] } {
    const handles = query.getAll('handle');
    if (handles.length >= 1 && handles.length <= MOST_HANDLES) return existing(handles);
    throw refusal(400, 'bad_request', `handle must be there 1 to ${MOST_HANDLES} times`);
  }

  function tweets(handle: string, query: URLSearchParams): { tweets: Tweet[] } {
    const { index } = known(handle);
    const limit = Number(query.get('limit'));
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_TWEETS) {
      throw refusal(400, 'bad_request', `limit must be a whole number of 1 to ${MOST_TWEETS}`);
    }
    return { tweets: tweetsOf(rows, index, limit, cursorOf(query.get('after'))) };
  }

  function route(path: readonly string[], query: URLSearchParams): unknown {
    const [first, second, third, fourth] = path;
    if (first === 'friends' && second === 'list' && path.length === 2) {
      return existing(known(query.get('handle') ?? '').user.following);
    }
    if (first === 'users') {
      if (second === undefined) return several(query);
      if (third === undefined) return known(second).user;
      if (third === 'tweets' && fourth === undefined) return tweets(second, query);
      if (third === 'tweets' && fourth === 'top' && path.length === 4) {
        return rows.tweet(known(second).index, rows.tweetsPerUser - 1);
      }
    }
    throw refusal(404, 'not_found', 'there is no such path');
  }

  return ({ method, target, authorization }) => {
    try {
      if (!timingSafeEqual(sha256(authorization ?? ''), expected)) {
        const message =
          authorization === undefined
            ? 'a bearer token is needed'
            : 'the bearer token is not valid';
        throw refusal(401, 'unauthorized', message, { 'www-authenticate': 'Bearer' });
      }
      if (method !== 'GET') {
        throw refusal(405, 'method_not_allowed', `${method} is not allowed`, { allow: 'GET' });
      }
      const { path, query } = parsed(target);
      return { status: 200, body: route(path, query) };
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  };
}

class Refusal extends Error {
  readonly reply: ApiReply;
  constructor(reply: ApiReply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

function refusal(
  status: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
): Refusal {
  return new Refusal({ status, body: { error: { code, message } }, ...(headers && { headers }) });
}

function parsed(target: string): { path: string[]; query: URLSearchParams } {
  const [path = '', query] = target.split('?', 2);
  try {
    const segments = path.split('/').slice(1).map(decodeURIComponent);
    return { path: segments, query: new URLSearchParams(query) };
  } catch {
    throw refusal(400, 'bad_request', 'the path is not percent-encoded text');
  }
}

function cursorOf(after: string | null): Pick<Tweet, 'created_at' | 'tweet_id'> | undefined {
  if (after === null) return undefined;
  const [created_at, tweet_id, ...more] = after.split(',');
  if (!created_at || !tweet_id || more.length > 0) {
    throw refusal(400, 'bad_request', 'after must be CREATED_AT,TWEET_ID of a tweet');
  }
  return { created_at, tweet_id };
}

/** Of one length, whatever was sent: a comparison in constant time needs that. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
