import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carried, judge } from './check.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const answer = (body: string, status = 200) => ({ status, body, error: '' });
const outcome = (body: string, digest: string, status = 200) =>
  judge(answer(body, status), digest, sha256).outcome;

describe('judge', () => {
  it('accepts any data in any layout when the digest is that of its JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (dictionary) => {
        const data: unknown = JSON.parse(JSON.stringify(dictionary));
        const digest = sha256(JSON.stringify(data));
        expect(outcome(JSON.stringify({ data }), digest)).toBe('ok');
        expect(outcome(`${JSON.stringify({ data })}\n`, digest)).toBe('ok');
        expect(outcome(JSON.stringify({ data }, null, 1), digest)).toBe('ok');
        expect(outcome(JSON.stringify({ data, extensions: {} }), digest)).toBe('ok');
        expect(outcome(JSON.stringify({ data }), '')).toBe('ok');
      }),
    );
  });

  it('refuses errors, whatever the data', () => {
    const data = { a: 1 };
    const body = JSON.stringify({ data, errors: [{ message: 'boom' }] });
    for (const digest of ['', sha256(JSON.stringify(data))]) {
      expect(judge(answer(body), digest, sha256)).toEqual({
        outcome: 'graphql_error',
        error: 'boom',
      });
    }
    expect(judge(answer('{"errors":[{}]}'), '', sha256).error).toBe('{}');
    expect(judge(answer('{"errors":[]}'), '', sha256).error).toBe('no message');
  });

  it('never throws and never calls other data ok', () => {
    const digest = sha256('{"a":1}');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(outcome(body, digest)).not.toBe('ok');
      }),
    );
    expect(outcome('{"data":null}', '')).toBe('wrong_answer');
    expect(outcome('{"data":{"a":1}', '')).toBe('http_error');
    expect(outcome('[]', '')).toBe('http_error');
    expect(outcome('{"message":"Forbidden"}', '')).toBe('http_error');
    expect(outcome('{"data":{"a":1}}', digest, 500)).toBe('http_error');
  });

  it('says in few words what was wrong', () => {
    const digest = sha256('{"a":1}');
    const reason = (body: string, status = 200) =>
      judge(answer(body, status), digest, sha256).error;
    expect(reason('{"data":{"a":null,"b":null}}')).toBe('a, b is null');
    expect(reason('{"data":{"a":2}}')).toBe('other data than expected');
    expect(reason('{"data":null}')).toBe('data is null');
    expect(reason('{"errors":[{"message":"no field"}]}', 400)).toBe('status 400: no field');
    expect(reason('{"Message":"Rate exceeded"}', 429)).toBe('status 429: Rate exceeded');
    expect(reason('null', 503)).toBe('status 503');
    expect(reason('<html>', 503)).toBe('status 503');
  });

  it('takes a failed function for a failure, whatever the status', () => {
    const failed = { ...answer('{"errorType":"Error","errorMessage":"no table"}') };
    expect(judge({ ...failed, functionError: 'Unhandled' }, '', sha256)).toEqual({
      outcome: 'http_error',
      error: 'function error: no table',
    });
  });

  it('reads its own words in data as data', () => {
    const data = { text: 'the "errors": [] of others' };
    expect(outcome(JSON.stringify({ data }), '')).toBe('ok');
  });
});

describe('carried', () => {
  it('is plain, and the text again when decoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(carried(text)).toMatch(/^[\w.!~*'()%-]*$/);
        expect(decodeURIComponent(carried(text)).length).toBe(Math.min(200, text.length));
      }),
    );
    expect(decodeURIComponent(carried('a=1&b="é"\n'))).toBe('a=1&b="é"\n');
  });
});
