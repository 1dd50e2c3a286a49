import { describe, expect, test } from 'vitest';
import { getEvents, restApiEvent } from '../../src/backends/shared/testing/events.ts';
import { ask, JSON_TYPE } from './asking.ts';
import type { Handlers } from './handlers.ts';

/**
 * What is refused before anything runs, in words of each server's own. A POST that is not JSON is a 415
 * from Yoga and graphql-js, and what Apollo takes for a forged request: a 400.
 */
export function refusalsAreTheSame(handlers: () => Handlers): void {
  describe('requests that are refused', () => {
    const post = (own: object) => restApiEvent({}, own);
    const twoOperations = 'query A { __typename } query B { __typename }';
    test.each([
      ['a body that is not JSON', post({ body: '{"query":' }), 400, 'BAD_REQUEST'],
      ['no body', post({ body: null }), 400, 'BAD_REQUEST'],
      ['a body that is no object', post({ body: '7' }), 400, 'BAD_REQUEST'],
      ['no query', post({ body: '{"variables":{}}' }), 400, 'BAD_REQUEST'],
      ['a query that is no text', post({ body: '{"query":7}' }), 400, 'BAD_REQUEST'],
      [
        'variables that are a list',
        post({ body: '{"query":"{ a }","variables":[]}' }),
        400,
        'BAD_REQUEST',
      ],
      ['a list of requests', post({ body: '[{"query":"{ __typename }"}]' }), 400, 'BAD_REQUEST'],
      ['a method that GraphQL does not have', post({ httpMethod: 'PUT' }), 405, 'BAD_REQUEST'],
      [
        'an operation that is not there',
        restApiEvent({ query: '{ __typename }', operationName: 'A' }),
        400,
        'OPERATION_RESOLUTION_FAILURE',
      ],
      [
        'no choice of operations',
        restApiEvent({ query: twoOperations }),
        400,
        'OPERATION_RESOLUTION_FAILURE',
      ],
      [
        'introspection',
        restApiEvent({ query: '{ __schema { description } }' }),
        400,
        'GRAPHQL_VALIDATION_FAILED',
      ],
    ])('%s', async (_, event, status, code) => {
      for (const [name, answer] of await ask(handlers(), event)) {
        expect(answer.status, name).toBe(status);
        expect(answer.type, name).toBe(JSON_TYPE);
        expect(answer.data, name).toBeUndefined();
        expect(answer.errors?.[0], name).toMatchObject({ extensions: { code } });
      }
    });

    test.each(getEvents({ query: '{ __typename }', variables: '{' }))(
      'variables of a GET that are not JSON, behind %s',
      async (_, event) => {
        for (const [name, answer] of await ask(handlers(), event)) {
          expect(answer.status, name).toBe(400);
          expect(answer.errors, name).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
        }
      },
    );

    test('a POST that is not JSON', async () => {
      const event = post({ headers: { 'content-type': 'text/plain' }, body: '{ __typename }' });
      for (const [name, handler] of handlers().all) {
        const { answer } = await handler.invoke(event);
        expect(answer.statusCode, name).toBe(name.startsWith('apollo') ? 400 : 415);
      }
    });
  });
}
