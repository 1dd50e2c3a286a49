import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escaped, eventText, unwrap } from './invoke.ts';

const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString();
const answered = (result: unknown) => ({ status: 200, body: JSON.stringify(result), error: '' });

test('an event holds its body and the headers, whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (body, value) => {
      const { beforeBody, afterBody } = eventText({ 'X-Api-Key': value });
      const event = JSON.parse(beforeBody + escaped(body) + afterBody);
      expect(event.body).toBe(body);
      expect(event.headers).toEqual({ 'content-type': 'application/json', 'x-api-key': value });
    }),
  );
  const { beforeBody, afterBody } = eventText({});
  expect(JSON.parse(beforeBody + afterBody)).toMatchObject({
    version: '2.0',
    rawPath: '/graphql',
    requestContext: { http: { method: 'POST', path: '/graphql' } },
    isBase64Encoded: false,
  });
});

test('a proxy result is unwrapped, an answer without a statusCode is the answer', () => {
  const body = '{"data":{"a":"é"}}';
  expect(unwrap(answered({ statusCode: 200, body }), fromBase64)).toMatchObject({
    status: 200,
    body,
  });
  const base64 = Buffer.from(body).toString('base64');
  const encoded = { statusCode: 400, body: base64, isBase64Encoded: true };
  expect(unwrap(answered(encoded), fromBase64)).toMatchObject({ status: 400, body });
  expect(unwrap(answered({ statusCode: 204 }), fromBase64)).toMatchObject({
    status: 204,
    body: '',
  });
  expect(unwrap(answered({ data: { a: 1 } }), fromBase64).body).toBe('{"data":{"a":1}}');
});

test('what is no proxy result stays as it is', () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      const answer = { status: 200, body, error: '' };
      expect(unwrap(answer, fromBase64)).toEqual(answer);
    }),
  );
  const throttled = {
    status: 429,
    body: '{"message":"Rate Exceeded.","statusCode":200}',
    error: '',
  };
  expect(unwrap(throttled, fromBase64)).toBe(throttled);
  // Of no number at all there would be a status of 0, which is "no answer".
  for (const statusCode of [null, '', false, 0, 99, 600, '2e2', 200.5, [200, 200], {}]) {
    const malformed = answered({ statusCode, body: '{"data":{}}' });
    expect(unwrap(malformed, fromBase64), String(statusCode)).toBe(malformed);
  }
  const failed = { ...answered({ statusCode: 200 }), functionError: 'Unhandled' };
  expect(unwrap(failed, fromBase64)).toBe(failed);
});
