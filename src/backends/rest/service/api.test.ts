import { expect, test } from 'vitest';
import { dataset } from '../../../../fixtures/dataset/dataset.ts';
import { createApi } from './api.ts';

const rows = dataset('x100');
const api = createApi(rows, 'right');
const handle = rows.users[7]?.handle ?? '';

function get(target: string, authorization: string | undefined = 'Bearer right', method = 'GET') {
  return api({ method, target, authorization });
}

function refused(status: number, code: string, message: RegExp) {
  return { status, body: { error: { code, message: expect.stringMatching(message) } } };
}

test('a user, several users, and those a user follows', () => {
  expect(get(`/users/${handle}`)).toEqual({ status: 200, body: rows.users[7] });
  const other = rows.users[499];
  expect(get(`/users?handle=${other?.handle}&handle=nobody&handle=${handle}`).body).toEqual({
    users: [other, rows.users[7]],
  });
  const { users } = get(`/friends/list?handle=${handle}`).body as { users: { handle: string }[] };
  expect(users.map((user) => user.handle)).toEqual(rows.users[7]?.following);
});

test('tweets newest first, page by page to the end, and the top tweet', () => {
  const newest = get(`/users/${handle}/tweets/top`);
  expect(newest).toEqual({ status: 200, body: rows.tweet(7, 999) });
  const seen: string[] = [];
  let after = '';
  for (;;) {
    const { body } = get(`/users/${handle}/tweets?limit=300${after}`);
    const { tweets } = body as { tweets: { tweet_id: string; created_at: string }[] };
    seen.push(...tweets.map(({ tweet_id }) => tweet_id));
    const last = tweets.at(-1);
    if (last === undefined) break;
    after = `&after=${last.created_at},${last.tweet_id}`;
  }
  expect(seen).toEqual(
    Array.from({ length: 1_000 }, (_, index) => rows.tweet(7, 999 - index).tweet_id),
  );
});

test('a position between two tweets is one too, before the first and after the last', () => {
  const older = rows.tweet(7, 41);
  const page = (after: string) => get(`/users/${handle}/tweets?limit=1&after=${after}`).body;
  expect(page(`${older.created_at},9`)).toEqual({ tweets: [older] });
  expect(page('2000-01-01T00:00:00.000Z,1')).toEqual({ tweets: [] });
  expect(page('2999-01-01T00:00:00.000Z,1')).toEqual({ tweets: [rows.tweet(7, 999)] });
});

test('every refusal is JSON with a status, a code and what was wrong', () => {
  expect(get('/users/nobody')).toEqual(refused(404, 'not_found', /^there is no user nobody$/));
  expect(get('/users/nobody/tweets?limit=1')).toMatchObject({ status: 404 });
  expect(get('/friends/list')).toMatchObject({ status: 404 });
  for (const path of ['/', '/user', '/users/a/b', '/friends', `/users/${handle}/tweets/top/x`]) {
    expect(get(path)).toEqual(refused(404, 'not_found', /no such path/));
  }
  for (const limit of ['', '?limit=0', '?limit=-1', '?limit=1.5', '?limit=ten', '?limit=1001']) {
    expect(get(`/users/${handle}/tweets${limit}`)).toEqual(refused(400, 'bad_request', /^limit/));
  }
  for (const after of ['', 'x', 'x,', 'x,y,z']) {
    expect(get(`/users/${handle}/tweets?limit=1&after=${after}`)).toEqual(
      refused(400, 'bad_request', /^after/),
    );
  }
  expect(get('/users')).toEqual(refused(400, 'bad_request', /^handle must be there 1 to 100/));
  expect(get(`/users?${'handle=a&'.repeat(101)}`)).toMatchObject({ status: 400 });
  expect(get('/users/%E0%A4%A')).toEqual(refused(400, 'bad_request', /percent-encoded/));
});

test('nothing is told without the token, not even what there is', () => {
  for (const sent of ['Bearer wrong', 'Bearer ', 'right', 'bearer right', 'Basic right']) {
    expect(get('/nowhere', sent)).toEqual({
      ...refused(401, 'unauthorized', /^the bearer token is not valid$/),
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  expect(api({ method: 'POST', target: '/', authorization: undefined })).toMatchObject({
    ...refused(401, 'unauthorized', /^a bearer token is needed$/),
  });
  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) {
    expect(get(`/users/${handle}`, 'Bearer right', method)).toEqual({
      ...refused(405, 'method_not_allowed', new RegExp(method)),
      headers: { allow: 'GET' },
    });
  }
});
