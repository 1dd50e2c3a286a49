import { describe, expect, test } from 'vitest';
import { type Files, open, refusal, SCHEMA, useOwnFiles } from '../../own/testing/own-files.ts';

useOwnFiles();

describe('operations', () => {
  test('each is sent with exactly its fragments, wherever they stand', async () => {
    const backend = await open({
      'ops/b.graphql': 'query Two { a { ...A } } mutation Three { b }',
      'ops/a.gql': 'fragment A on T { ...B } fragment Unused on T { c }\n\nfragment B on T { b }',
      'ops/c-1.graphql': '\n{ x }',
      'ops/notes.txt': 'not read',
      'ops/deeper/d.graphql': 'broken {',
    });
    const load = await backend.feeds('');
    expect(load.map(({ name, query }) => [name, query])).toEqual([
      ['Two', 'query Two { a { ...A } }\n\nfragment A on T { ...B }\n\nfragment B on T { b }'],
      ['Three', 'mutation Three { b }'],
      ['c_1', '{ x }'],
    ]);
    expect(load[0]?.origin?.fragments.map(({ atLine, line }) => [atLine, line])).toEqual([
      [3, 1],
      [5, 3],
    ]);
    expect(load[2]?.origin?.line).toBe(2);
  });

  test.each<[string, Files, RegExp]>([
    ['an empty folder', {}, /--operations: the folder ops is empty/],
    ['no .graphql', { 'ops/a.txt': '' }, /ops has no \.graphql .* it holds a\.txt/],
    ['fragments only', { 'ops/a.graphql': 'fragment A on B { c }' }, /no query or mutation in ops/],
    [
      'broken',
      { 'ops/a.graphql': 'query A {\n  b(\n}' },
      /ops\/a\.graphql:3:1: Syntax Error: .*"}"/,
    ],
    [
      'a subscription',
      { 'ops/a.graphql': '\nsubscription S { s }' },
      /ops\/a\.graphql:2: S is a subscription: .*answers a request once/,
    ],
    [
      'a name twice',
      { 'ops/a.graphql': 'query A { a }', 'ops/b.graphql': '\n\nquery A { b }' },
      /ops\/b\.graphql:3: the operation A is at ops\/a\.graphql:1 already/,
    ],
    [
      'two without a name',
      { 'ops/a.graphql': '{ a }\n{ b }' },
      /a\.graphql:2: the operation a is at/,
    ],
    ['a schema', { 'ops/a.graphql': 'type A { b: Int }' }, /a\.graphql:1: a schema.*--schema/],
    [
      'an unknown fragment',
      { 'ops/a.graphql': '{\n ...A }' },
      /a\.graphql:2:5: Unknown fragment "A"/,
    ],
    ['a variable without type', { 'ops/a.graphql': '{ a(b: $c) }' }, /a\.graphql:1:8: .*"\$c"/],
    [
      'not UTF-8',
      { 'ops/a.graphql': Buffer.from('# a\n# \xe9\n{ a }', 'latin1') },
      /a\.graphql:2: not UTF-8/,
    ],
    [
      'all of it at once',
      { 'ops/a.graphql': 'query {', 'ops/b.graphql': 'subscription S { s }' },
      /--operations: 2 problems\n {2}ops\/a\.graphql:1:8: .*\n {2}ops\/b\.graphql:1: /,
    ],
  ])('%s', async (_, files, message) => {
    expect(await refusal(files)).toMatch(message);
  });

  test.each<[string, Files, RegExp]>([
    [
      'an operation it does not hold',
      {
        'ops/a.graphql': '{ page(limit: 1) { ...F } }',
        'ops/f.graphql': '\nfragment F on User {\n  nick\n}',
      },
      /--operations: ops\/f\.graphql:3:3: Cannot query field "nick" on type "User"/,
    ],
    [
      'a broken schema',
      { 'ops/a.graphql': '{ a }', 'schema.graphql': 'type Query {' },
      /--schema: schema\.graphql:1:13: /,
    ],
    [
      'a schema with an unknown type',
      { 'ops/a.graphql': '{ a }', 'schema.graphql': 'type Query {\n  a: Nothing\n}' },
      /--schema: schema\.graphql:2:6: Unknown type "Nothing"/,
    ],
    [
      'a schema that breaks its interface',
      {
        'ops/a.graphql': '{ a }',
        'schema.graphql': 'interface I { b: Int }\ntype Query implements I { a: Int }',
      },
      /--schema: schema\.graphql:1:15: .*I\.b expected/,
    ],
    [
      'JSON',
      { 'ops/a.graphql': '{ a }', 'schema.graphql': '{"data": 1}' },
      /schema definition language/,
    ],
  ])('against a schema: %s', async (_, files, message) => {
    expect(await refusal({ 'schema.graphql': SCHEMA, ...files })).toMatch(message);
  });

  test("a server's own directives in a schema do no harm", async () => {
    const schema = SCHEMA.replace('): Named', '): Named @aws_auth(groups: ["a"])');
    await open({ 'ops/a.graphql': '{ page(limit: 1) { id } }', 'schema.graphql': schema });
  });
});
