import { describe, expect, test } from 'vitest';
import { digestOf } from '../../fixtures/dataset/answers.ts';
import { REFERENCE_API } from '../../src/backends/shared/reference-api.ts';
import {
  functionUrlEvent,
  getEvents,
  restApiEvent,
} from '../../src/backends/shared/testing/events.ts';
import { anEndpoint } from '../../src/model/testing/an-endpoint.ts';
import { ask, askForOne } from './asking.ts';
import { BACKENDS, type Handlers, waysOf } from './handlers.ts';

/** Requests that are right get one answer from all, and it is what the data set must give. */
export function answersAreTheSame(handlers: () => Handlers): void {
  describe.each([
    ['a REST API', (body: object) => restApiEvent(body)],
    ['a function URL', functionUrlEvent],
  ])('behind %s', (_, event) => {
    test.each(REFERENCE_API.operations.map(({ name }) => name))('%s', async (operationName) => {
      const operation = handlers().operations.find(({ name }) => name === operationName);
      for (const { variables, digest } of sampled(operation?.rows ?? [])) {
        const answer = await askForOne(
          handlers(),
          event({ operationName, query: operation?.query, variables }),
        );
        expect(answer).toMatchObject({ status: 200, errors: undefined });
        expect(digestOf(answer.data)).toBe(digest);
      }
    });
  });

  test.each(OTHER_WAYS)('$backend.name $variant by $dataLayer', async ({ backend, ...way }) => {
    for (const batching of REFERENCE_API.batching) {
      const endpoint = anEndpoint({
        backend: backend.name,
        ...way,
        server: 'graphql-js',
        batching,
      });
      const handler = await handlers().start(backend, endpoint);
      for (const { query, rows } of handlers().operations) {
        for (const { variables, digest } of sampled(rows)) {
          const { answer } = await handler.invoke(restApiEvent({ query, variables }));
          expect(digestOf(JSON.parse(answer.body).data)).toBe(digest);
        }
      }
      await handler.stop();
    }
  });

  test.each(getEvents({ query: '{ getUserInfo(handle: "nobody") { name } }' }))(
    'by GET behind %s',
    async (_, event) => {
      expect(await askForOne(handlers(), event)).toMatchObject({ status: 200, data: null });
    },
  );

  test('who asks for the type of GraphQL over HTTP gets it', async () => {
    const type = 'application/graphql-response+json';
    const headers = { 'content-type': 'application/json', accept: type };
    for (const query of ['{ __typename }', '{ nothing }']) {
      for (const [name, answer] of await ask(handlers(), restApiEvent({ query }, { headers }))) {
        expect(answer.type, name).toBe(`${type}; charset=utf-8`);
        expect(answer.status, name).toBe(query === '{ nothing }' ? 400 : 200);
      }
    }
  });

  test.each([
    ['before the first', '2999-12-31T00:00:00.000Z', 5],
    ['between two', null, 5],
    ['after the last', '2000-01-01T00:00:00.000Z', 0],
  ])('a token that names no tweet is a position too: %s', async (_, instant, count) => {
    const next = handlers().operations.find(({ name }) => name === 'UserNextPage');
    const { handle, nextToken } = next?.rows[5]?.variables ?? {};
    const [created_at] = JSON.parse(Buffer.from(String(nextToken), 'base64url').toString());
    const between = new Date(Date.parse(created_at) - 1).toISOString();
    const token = Buffer.from(JSON.stringify([instant ?? between, '1'])).toString('base64url');
    const { data, errors } = await askForOne(
      handlers(),
      restApiEvent({ query: next?.query, variables: { handle, limit: 5, nextToken: token } }),
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ getUserInfo: { tweets: { items: { length: count } } } });
  });
}

const OTHER_WAYS = BACKENDS.flatMap((backend) =>
  waysOf(backend)
    .slice(1)
    .map((way) => ({ ...way, backend })),
);

/** Seven of the 500 users. */
function sampled<Row>(rows: readonly Row[]): Row[] {
  return rows.filter((_, index) => index % 83 === 0);
}
