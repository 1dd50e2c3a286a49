import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node, TraceView } from './keywords.ts';
import { parseFilterExpression } from './parse.ts';
import { ExpressionError } from './tokens.ts';

const node = (fields: Partial<Node>): Node => ({
  name: 'f',
  type: 'AWS::Lambda',
  ok: true,
  error: false,
  throttle: false,
  fault: false,
  partial: false,
  inferred: false,
  root: false,
  responseTimeS: 0.2,
  durationS: 0.2,
  url: null,
  method: null,
  userAgent: null,
  clientIp: null,
  status: 200,
  users: [],
  resourceArn: null,
  annotations: new Map(),
  ...fields,
});
const api = node({
  name: 'api',
  type: 'AWS::ApiGateway::Stage',
  root: true,
  url: 'https://x/v2/y',
});
const called = node({ fault: true, ok: false, status: 500 });
const trace: TraceView = {
  whole: node({
    ...api,
    durationS: 3,
    users: ['ann'],
    annotations: new Map<string, (string | number | boolean)[]>([
      ['age', [7, 'seven']],
      ['aws:api_id', ['abc']],
      ['new', [true]],
    ]),
  }),
  segments: [api, called],
  edges: [{ from: api, to: called }],
};

test.each([
  ['ok', true],
  ['OK', true],
  ['!ok', false],
  ['not ok', false],
  ['ok = false', false],
  ['ok != false', true],
  ['ok AND fault', false],
  ['ok fault', false],
  ['ok OR fault', true],
  ['fault OR ok AND fault', false],
  ['(fault OR ok) AND ok', true],
  ['duration > 2.5 AND duration <= 3', true],
  ['responsetime>=1', false],
  ['http.status = 200', true],
  ['http.url BEGINSWITH "https://" AND http.url CONTAINS "/v2/"', true],
  ["http.url endswith '/y'", true],
  ['http.method = "GET"', false],
  ['http.method != "GET"', true],
  ['user = "ann"', true],
  ['annotation.age = 7', true],
  ['annotation.age > 7', false],
  ['annotation.age = "seven"', true],
  ['annotation[aws:api_id] = "abc"', true],
  ['annotation.new = true', true],
  ['annotation.new', true],
  ['annotation[old]', false],
  ['service("f")', true],
  ['service()', true],
  ['service("f") { fault AND http.status = 500 }', true],
  ['service("api") { fault }', false],
  ['service(id(name: "f", type: "AWS::Lambda")) { !ok }', true],
  ['service(id(type: "other"))', false],
  ['edge("api", "f") { fault }', true],
  ['edge("f", "api")', false],
  ['edge(id(name: "api"), id(name: "f"))', true],
])('%s: %s', (expression, matches) => {
  expect(parseFilterExpression(expression)(trace)).toBe(matches);
});

test.each([
  'duration >',
  'duration = "3"',
  'http.url > "a"',
  'ok > true',
  'nothing = 1',
  'http.status',
  '(ok',
  'ok)',
  'ok AND',
  'service("f"',
  'service(id(shoe: "9"))',
  'edge("a")',
  'annotation = 1',
  '"ok"',
  '#',
  `${'('.repeat(500)}ok`,
  `${'!'.repeat(500)}ok`,
])('no expression: %s', (expression) => {
  expect(() => parseFilterExpression(expression)).toThrow(ExpressionError);
});

test('any text is an expression or an ExpressionError', () => {
  const pieces = [
    'ok',
    'service',
    'edge',
    '(',
    ')',
    '{',
    '}',
    '!',
    'AND',
    'id',
    '"a"',
    '1',
    '=',
    ',',
  ];
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(text, (expression) => {
      try {
        expect(typeof parseFilterExpression(expression)(trace)).toBe('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
      }
    }),
    { numRuns: 500, seed: 7 },
  );
});
