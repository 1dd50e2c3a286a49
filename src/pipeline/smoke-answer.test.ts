import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { LoadOperation } from '../model/scenario.ts';
import { answerProblem, differenceOf } from './smoke-answer.ts';

const expected = { users: [{ id: '1', name: 'Ada' }] };
const digest = createHash('sha256').update(JSON.stringify(expected)).digest('hex');
const operation: LoadOperation = {
  name: 'Users',
  query: 'query Users {\n  users { ...F }\n}\n\nfragment F on User {\n  id\n}',
  weight: 1,
  rows: [{ variables: {}, digest }],
  origin: {
    file: 'a.graphql',
    line: 10,
    fragments: [{ atLine: 5, file: 'f.graphql', line: 100 }],
    expected,
  },
};
const problem = (body: unknown, status = 200, checked: string | null = digest) =>
  answerProblem(
    { status, body: typeof body === 'string' ? body : JSON.stringify(body) },
    operation,
    checked,
  );
const failure = (line: number) => ({
  errors: [{ message: 'no', path: ['users', 0], locations: [{ line, column: 1 }] }],
});

test('a right answer is no problem, whatever else it carries', () => {
  expect(problem({ data: expected })).toBe(null);
  expect(problem({ data: expected, extensions: { cost: 1 } })).toBe(null);
  expect(problem({ errors: null, data: { other: 1 } }, 200, null)).toBe(null);
});

test.each<[string, unknown, number, RegExp]>([
  ['a page', '<html>\n<body>', 200, /^answers HTML, not GraphQL: <html> <body>$/],
  ['text', 'it works', 200, /^answers text, not GraphQL: it works/],
  ['nothing', '', 200, /^answers nothing, not GraphQL: \(an empty body\)/],
  [
    'other JSON',
    { ok: true },
    200,
    /^answers JSON without data and errors, not GraphQL: {"ok":true}/,
  ],
  ['no data', { data: null }, 200, /^answers otherwise than expected: data is null/],
  ['a long page', `<p>${'x'.repeat(999)}`, 500, /^answers 500: <p>x{197}…$/],
  [
    'an error in the operation',
    failure(2),
    200,
    /^answers with errors: no at users\.0 \(a\.graphql:11\)$/,
  ],
  ['an error in a fragment', failure(6), 200, /\(f\.graphql:101\)$/],
  ['an error with a status', failure(1), 400, /^answers 400: no at users\.0 \(a\.graphql:10\)$/],
  ['odd errors', { errors: ['x', {}, 3, 4] }, 200, /errors: "x"; no message; 3; and 1 more/],
  [
    'no token',
    { message: 'Forbidden' },
    403,
    /^answers 403: Forbidden \(is a header missing or wrong\? --header\)/,
  ],
  [
    'no token, in GraphQL',
    { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] },
    200,
    /--header/,
  ],
  [
    'a runtime error',
    { errorType: 'TypeError', errorMessage: 'x' },
    502,
    /^answers 502: TypeError: x$/,
  ],
  [
    'another answer',
    { data: { users: [] } },
    200,
    /expected: data\.users has 0 entries, expected 1/,
  ],
])('%s', (_, body, status, told) => {
  expect(problem(body, status)).toMatch(told);
});

test('no data and no errors is no answer, also where none is expected', () => {
  expect(problem({ data: null }, 200, null)).toBe('answers with no data (null) and no errors');
});

test('the first path that differs', () => {
  const of = (found: unknown) => differenceOf(expected, found, 'data');
  expect(of({ users: [{ id: '1', name: 'Eve' }] })).toBe(
    'data.users.0.name is "Eve", expected "Ada"',
  );
  expect(of({ users: [{ id: '1' }] })).toBe('data.users.0.name is missing, expected "Ada"');
  expect(of({ users: null })).toBe('data.users is null, expected [{"id":"1","name":"Ada"}]');
  expect(of({ ...expected, more: 1 })).toBe('data.more is 1, expected missing');
});
