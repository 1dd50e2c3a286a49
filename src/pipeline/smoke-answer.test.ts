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

const IAM = { signing: { service: 'execute-api', region: 'eu-west-1' } } as const;
const USER = 'User: arn:aws:iam::123456789012:user/u is not authorized to perform: ';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';

test.each<[string, string, boolean, RegExp]>([
  [
    'unsigned at a REST API',
    'Missing Authentication Token',
    false,
    /auth: 'sigv4'.* no such stage/,
  ],
  ['signed at no route', 'Missing Authentication Token', true, /no such stage and path: check the/],
  ['another secret', MISMATCH, true, /secret key is not that of the access key/],
  [
    'old keys',
    'The security token included in the request is expired',
    true,
    /have expired: renew/,
  ],
  [
    'odd keys',
    'The security token included in the request is invalid.',
    true,
    /not know this acce/,
  ],
  ['a wrong clock', 'Signature expired: 20261121T1 is now earlier than 2', true, /clock .* set it/],
  [
    'another region',
    "Credential should be scoped to a valid region, not 'x'.",
    true,
    /eu-west-1: ch/,
  ],
  [
    'no right',
    `${USER}execute-api:Invoke on resource: x`,
    true,
    /the right execute-api:Invoke: "be/,
  ],
  [
    'no right at a function URL',
    'Forbidden. For troubleshooting Function URL authorization issues, see: x',
    true,
    /lambda:InvokeFunctionUrl and lambda:InvokeFunction/,
  ],
  ['no right at an HTTP API', 'Forbidden', true, /may the AWS identity call it\?/],
  ['no header', 'Forbidden', false, /is a header missing or wrong\? --header/],
])('says what to do about %s', (_, message, signed, expectedHint) => {
  const told = answerProblem(
    { status: 403, body: JSON.stringify({ message }) },
    operation,
    digest,
    signed ? IAM : { signing: null },
  );
  expect(told).toMatch(/^answers 403: /);
  expect(told).toMatch(expectedHint);
});

test('of a request that should have been signed nothing is quoted', () => {
  const message = `${MISMATCH}\n\nThe Canonical String for this request should have been\n'POST\n/\nx-amz-security-token:the-token'`;
  const told = answerProblem(
    { status: 403, body: JSON.stringify({ message }) },
    operation,
    '',
    IAM,
  );
  expect(told).not.toMatch(/Canonical|the-token/);
});
