import { describe, expect, test } from 'vitest';
import { dynamoBackend } from '../../src/backends/dynamo/dynamo-backend.ts';
import { REFERENCE_API } from '../../src/backends/shared/reference-api.ts';
import { functionUrlEvent, restApiEvent } from '../../src/backends/shared/testing/events.ts';
import { anEndpoint } from '../../src/model/testing/an-endpoint.ts';
import { askForOne, type GraphqlAnswer, queryOf } from './asking.ts';
import type { Handlers } from './handlers.ts';

/** Everything a caller can do wrong that a field of the API, or GraphQL itself, answers. */
export function errorsAreTheSame(handlers: () => Handlers): void {
  describe('errors are the same', () => {
    const known = () => handlers().operations[0]?.rows[0]?.variables.handle;
    const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const page = (variables: object) => ({
      query: PAGE,
      variables: { handle: known(), limit: 3, ...variables },
    });
    const inTweets = { status: 200, path: ['getUserInfo', 'tweets'], code: 'BAD_USER_INPUT' };
    const NO_TOKEN = { ...inTweets, message: 'nextToken is not one of this API' };
    const NO_LIMIT = { ...inTweets, message: 'limit is not from 1 to 100' };
    const USER_INPUT = { status: 400, path: undefined, code: 'BAD_USER_INPUT' };
    const INVALID = { status: 400, path: undefined, code: 'GRAPHQL_VALIDATION_FAILED' };

    test.each<
      [
        string,
        () => object,
        { status: number; message: string | RegExp; path: unknown; code: string },
      ]
    >([
      [
        'a handle that is not there',
        () => page({ handle: 'nobody' }),
        {
          status: 200,
          message: 'User not found',
          path: ['getUserInfo'],
          code: 'NOT_FOUND',
        },
      ],
      [
        'an empty handle',
        () => page({ handle: '' }),
        {
          status: 200,
          message: 'User not found',
          path: ['getUserInfo'],
          code: 'NOT_FOUND',
        },
      ],
      ['a token that is not JSON', () => page({ nextToken: '%' }), NO_TOKEN],
      ['a token of something else', () => page({ nextToken: token({}) }), NO_TOKEN],
      ['a token without an instant', () => page({ nextToken: token(['now', '1']) }), NO_TOKEN],
      [
        'a token without a tweet',
        () => page({ nextToken: token(['2019-01-01T00:00:00.000Z', 'x']) }),
        NO_TOKEN,
      ],
      ['limit 0', () => page({ limit: 0 }), NO_LIMIT],
      ['a negative limit', () => page({ limit: -1 }), NO_LIMIT],
      ['a huge limit', () => page({ limit: 2_147_483_647 }), NO_LIMIT],
      [
        'a limit beyond an Int',
        () => page({ limit: 2_147_483_648 }),
        {
          ...USER_INPUT,
          message: /^Variable "\$limit" got invalid value 2147483648; Int cannot represent/,
        },
      ],
      [
        'a variable of the wrong type',
        () => page({ limit: 'three' }),
        {
          ...USER_INPUT,
          message: /^Variable "\$limit" got invalid value "three"; Int cannot represent/,
        },
      ],
      [
        'a missing variable',
        () => ({ query: PAGE, variables: { limit: 1 } }),
        {
          ...USER_INPUT,
          message: 'Variable "$handle" of required type "String!" was not provided.',
        },
      ],
      [
        'no variables',
        () => ({ query: queryOf(handlers(), 'UserProfile') }),
        {
          ...USER_INPUT,
          message: 'Variable "$handle" of required type "String!" was not provided.',
        },
      ],
      [
        'a syntax error',
        () => ({ query: '{ getUserInfo(' }),
        {
          status: 400,
          path: undefined,
          code: 'GRAPHQL_PARSE_FAILED',
          message: 'Syntax Error: Expected Name, found <EOF>.',
        },
      ],
      [
        'a field that is not there',
        () => ({ query: '{ getUserInfo(handle: "a") { nam } }' }),
        { ...INVALID, message: 'Cannot query field "nam" on type "User". Did you mean "name"?' },
      ],
      [
        'an argument that is missing',
        () => ({ query: '{ getUserInfo { name } }' }),
        {
          ...INVALID,
          message: /^Field "getUserInfo" argument "handle" of type "String!" is required/,
        },
      ],
    ])('%s', async (_, body, { status, message, path, code }) => {
      // Twice: the second answer may come from a cache.
      for (const event of [restApiEvent(body()), functionUrlEvent(body())]) {
        const answer = await askForOne(handlers(), event);
        expect(answer.status).toBe(status);
        expect(answer.errors).toEqual([
          {
            message: typeof message === 'string' ? message : expect.stringMatching(message),
            path,
            extensions: { code },
          },
        ]);
      }
    });

    test.each(['\u0000', 'a\u0000b', '\ud800', '%', 'a/b', '..', '"', '💡', 'x'.repeat(3_000)])(
      'a handle nobody has: %j',
      async (handle) => {
        const { errors } = await askForOne(handlers(), restApiEvent(page({ handle })));
        expect(errors).toMatchObject([{ message: 'User not found' }]);
      },
    );

    test('several at once', async () => {
      const answer = await askForOne(
        handlers(),
        restApiEvent({ query: '{ getUserInfo { nam } a }' }),
      );
      expect(answer.errors).toHaveLength(3);
    });
  });

  test('an error that is nobody’s business is masked, and told in the log', {
    timeout: 30_000,
  }, async () => {
    const seen: unknown[] = [];
    for (const server of REFERENCE_API.servers) {
      const endpoint = anEndpoint({ server });
      const handler = await handlers().start(dynamoBackend, endpoint, { USERS_TABLE: 'Missing' });
      const { answer } = await handler.invoke(
        restApiEvent({ query: '{ getUserInfo(handle: "a") { name } }' }),
      );
      await handler.stop();
      expect(handler.said()).toContain('ResourceNotFoundException');
      const { data, errors } = JSON.parse(answer.body) as GraphqlAnswer;
      const shown = errors?.map(({ message, path, extensions }) => ({ message, path, extensions }));
      seen.push({ status: answer.statusCode, data, errors: shown });
    }
    const masked = {
      message: 'Internal server error',
      path: ['getUserInfo'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
    expect(seen).toEqual(
      REFERENCE_API.servers.map(() => ({ status: 200, data: null, errors: [masked] })),
    );
  });
}

const PAGE = `query Page($handle: String!, $limit: Int!, $nextToken: String) {
  getUserInfo(handle: $handle) {
    name
    tweets(limit: $limit, nextToken: $nextToken) { items { tweet_id } nextToken }
  }
}`;
