import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFormat2Result, parseRestResult } from './proxy-result.ts';

const bytesOf = (result: unknown) => Buffer.from(JSON.stringify(result));
const rest = (result: unknown, bytes = false) => parseRestResult(bytesOf(result), bytes);
const url = (result: unknown) => parseFormat2Result(bytesOf(result), 'remap');

test('a whole result of format 1.0', () => {
  const result = {
    statusCode: 201,
    headers: { 'Content-Type': 'text/plain', 'X-Count': 3, Connection: 'close', te: 'deflate' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-count': [4, 3] },
    body: 'aGk=',
    isBase64Encoded: true,
  };
  const expected = {
    status: 201,
    headers: [
      ['Content-Type', 'text/plain'],
      // The name of the list, its values first, none of them twice.
      ['x-count', ['4', '3']],
      ['x-amzn-Remapped-Connection', 'close'],
      ['Set-Cookie', ['a=1', 'b=2']],
    ],
    cookies: [],
    body: Buffer.from('hi'),
  };
  expect(rest(result, true)).toEqual(expected);
  expect(rest(result)).toEqual({ ...expected, body: Buffer.from('aGk=') });
});

test('statusCode may be digits or missing, the body, too; JSON is the default type', () => {
  expect(rest({ statusCode: '204' })).toEqual({
    status: 204,
    headers: [['Content-Type', 'application/json']],
    cookies: [],
    body: Buffer.alloc(0),
  });
  expect(rest({ headers: { a: 'b' } })).toMatchObject({ status: 200 });
});

test('an HTTP API drops what it sets itself, and hands nothing on under another name', () => {
  const headers = { Connection: 'close', 'content-length': '9', 'WWW-Authenticate': 'Basic' };
  expect(parseFormat2Result(bytesOf({ statusCode: 401, headers }), 'drop')).toMatchObject({
    headers: [
      ['WWW-Authenticate', 'Basic'],
      ['Content-Type', 'application/json'],
    ],
  });
});

test('a body that says it is base64 and is not', () => {
  const result = { statusCode: 200, body: '{"data":{}}', isBase64Encoded: true };
  expect(rest(result, true)).toBe('undecodable_body');
  expect(url(result)).toBe('undecodable_body');
});

test.each([
  [null],
  ['text'],
  [[]],
  [{}],
  [{ statusCode: 200, cookies: ['a=1'] }],
  [{ statusCode: 200, anything: 'else' }],
  [{ statusCode: 'ok' }],
  [{ statusCode: 42 }],
  [{ statusCode: 200.5 }],
  [{ statusCode: 200, body: { not: 'text' } }],
  [{ statusCode: 200, headers: ['a'] }],
  [{ statusCode: 200, headers: { a: {} } }],
  [{ statusCode: 200, headers: { 'not a name': 'x' } }],
  [{ statusCode: 200, headers: { a: 'line\r\nbreak' } }],
  [{ statusCode: 200, multiValueHeaders: { a: 'no list' } }],
])('malformed for a REST API: %j', (result) => {
  expect(rest(result)).toBe('malformed_result');
});

test('a function URL infers an answer where there is no statusCode', () => {
  expect(url('Hello')).toMatchObject({ status: 200, body: Buffer.from('Hello') });
  expect(url({ message: 'Hello' })).toMatchObject({
    status: 200,
    body: Buffer.from('{"message":"Hello"}'),
    headers: [['Content-Type', 'application/json']],
  });
});

test('a function URL has cookies', () => {
  expect(url({ statusCode: 200, cookies: ['a=1; Secure'] })).toMatchObject({
    cookies: ['a=1; Secure'],
  });
  expect(url({ statusCode: 200, cookies: 'a=1' })).toBe('malformed_result');
  expect(url({ statusCode: 200, cookies: ['a\n'] })).toBe('malformed_result');
});

test('text that is not JSON is malformed, and nothing throws', () => {
  expect(parseFormat2Result(Buffer.from('<html>'), 'remap')).toBe('malformed_result');
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      parseRestResult(Buffer.from(bytes), true);
      parseFormat2Result(Buffer.from(bytes), 'drop');
    }),
  );
});

test('any JSON gives a problem or an answer HTTP can carry', () => {
  const result = fc.record(
    {
      statusCode: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
      headers: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
      multiValueHeaders: fc.dictionary(fc.string(), fc.array(fc.jsonValue())),
      cookies: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      body: fc.oneof(fc.string(), fc.jsonValue()),
      isBase64Encoded: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(result, fc.constantFrom(rest, url), (value, parse) => {
      const parsed = parse(value);
      if (typeof parsed === 'string') return;
      expect(parsed.status).toBeGreaterThanOrEqual(200);
      expect(parsed.status).toBeLessThan(600);
      expect(
        () => new Headers([...parsed.headers].map(([name, v]) => [name, String(v)])),
      ).not.toThrow();
    }),
  );
});
