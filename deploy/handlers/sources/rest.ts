import { jsonClient } from '../lib/get-json.ts';
import type { DataSource, Tweet, User } from './source.ts';

const TIMEOUT_MS = 2_000;
/** The most users the service gives at once. */
const LARGEST_BATCH = 100;

/**
 * The service at REST_URL, with REST_TOKEN; a call ends after REST_TIMEOUT_MS. Connections are kept
 * for the life of the environment.
 */
export function source(): DataSource {
  const service = jsonClient({
    baseUrl: process.env.REST_URL ?? '',
    token: process.env.REST_TOKEN ?? '',
    timeoutMs: Number(process.env.REST_TIMEOUT_MS ?? TIMEOUT_MS),
  });
  const ofUser = (handle: string) => `/users/${encodeURIComponent(handle.toWellFormed())}`;

  async function batchOfUsers(handles: readonly string[]): Promise<User[]> {
    const query = new URLSearchParams(handles.map((handle) => ['handle', handle]));
    return (await service.get<{ users: User[] }>(`/users?${query}`)).users;
  }

  return {
    getUser: (handle) => service.find<User>(ofUser(handle)),
    async getUsers(handles) {
      const batches: Promise<User[]>[] = [];
      for (let from = 0; from < handles.length; from += LARGEST_BATCH) {
        batches.push(batchOfUsers(handles.slice(from, from + LARGEST_BATCH)));
      }
      const users = (await Promise.all(batches)).flat();
      const byHandle = new Map(users.map((user) => [user.handle, user]));
      return handles.map((handle) => byHandle.get(handle));
    },
    async getTweets(handle, limit, after) {
      const query = new URLSearchParams({ limit: String(limit) });
      if (after !== undefined) query.set('after', `${after.created_at},${after.tweet_id}`);
      const { tweets } = await service.get<{ tweets: Tweet[] }>(
        `${ofUser(handle)}/tweets?${query}`,
      );
      return tweets;
    },
    getTopTweet: (handle) => service.get<Tweet>(`${ofUser(handle)}/tweets/top`),
  };
}
