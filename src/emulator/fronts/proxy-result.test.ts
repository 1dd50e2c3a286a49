import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProxyResult } from './proxy-result.ts';

const rest = (result: unknown) => parseProxyResult(Buffer.from(JSON.stringify(result)), '1.0');
const url = (result: unknown) => parseProxyResult(Buffer.from(JSON.stringify(result)), '2.0');

test('a whole result of format 1.0', () => {
  const parsed = rest({
    statusCode: 201,
    headers: { 'Content-Type': 'text/plain', 'X-Count': 3, Connection: 'close' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-count': [4] },
    body: 'aGk=',
    isBase64Encoded: true,
  });
  expect(parsed).toEqual({
    status: 201,
    headers: new Map<string, unknown>([
      ['content-type', 'text/plain'],
      ['x-count', ['3', '4']],
      ['set-cookie', ['a=1', 'b=2']],
    ]),
    cookies: [],
    body: Buffer.from('hi'),
  });
});

test('statusCode may be digits; the body may be missing; JSON is the default type', () => {
  const parsed = rest({ statusCode: '204' });
  expect(parsed).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  expect(parsed?.headers.get('content-type')).toBe('application/json');
});

test.each([
  [null],
  ['text'],
  [[]],
  [{}],
  [{ body: 'no status' }],
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
  expect(rest(result)).toBeNull();
});

test('a function URL infers an answer where there is no statusCode', () => {
  expect(url('Hello')).toMatchObject({ status: 200, body: Buffer.from('Hello') });
  expect(url({ message: 'Hello' })).toMatchObject({
    status: 200,
    body: Buffer.from('{"message":"Hello"}'),
    headers: new Map([['content-type', 'application/json']]),
  });
});

test('a function URL has cookies', () => {
  expect(url({ statusCode: 200, cookies: ['a=1; Secure'] })?.cookies).toEqual(['a=1; Secure']);
  expect(url({ statusCode: 200, cookies: 'a=1' })).toBeNull();
  expect(url({ statusCode: 200, cookies: ['a\n'] })).toBeNull();
});

test('text that is not JSON is malformed, and nothing throws', () => {
  expect(parseProxyResult(Buffer.from('<html>'), '2.0')).toBeNull();
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      parseProxyResult(Buffer.from(bytes), '1.0');
      parseProxyResult(Buffer.from(bytes), '2.0');
    }),
  );
});

test('any JSON gives null or an answer HTTP can carry', () => {
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
    fc.property(result, fc.constantFrom('1.0', '2.0'), (value, format) => {
      const parsed = parseProxyResult(Buffer.from(JSON.stringify(value)), format);
      if (parsed === null) return;
      expect(parsed.status).toBeGreaterThanOrEqual(200);
      expect(parsed.status).toBeLessThan(600);
      expect(
        () => new Headers([...parsed.headers].map(([name, v]) => [name, String(v)])),
      ).not.toThrow();
    }),
  );
});
