import { describe, expect, test } from 'vitest';
import type { FeedRow } from '../../../model/scenario.ts';
import { type Files, open, refusal, SCHEMA, useOwnFiles } from '../../own/testing/own-files.ts';

useOwnFiles();

const ONE = 'query One($id: ID!) { user(id: $id) { id } }';
const PAGE =
  'query Page($limit: Int!, $after: String) { page(limit: $limit, after: $after) { id } }';
async function rowsOf(files: Files, operation = 0): Promise<FeedRow[] | undefined> {
  return (await (await open(files)).feeds(''))[operation]?.rows;
}

describe('variables', () => {
  test.each<[string, Files, RegExp]>([
    [
      'none at all',
      { 'ops/a.graphql': `\n${ONE}` },
      /--variables: ops\/a\.graphql:2: One needs \$id \(ID!\); name a \.csv/,
    ],
    [
      'a column that is missing',
      { 'ops/a.graphql': ONE, 'vars.csv': 'handle\nx\n' },
      /vars\.csv: has no \$id \(ID!\), which One \(ops\/a\.graphql:1\) needs; it has handle/,
    ],
    [
      'no file of that name',
      { 'ops/a.graphql': ONE, 'vars/Two.csv': 'id\n1\n' },
      /One needs \$id \(ID!\); its folder has no One\.csv or One\.json/,
    ],
    [
      'two files of one name',
      { 'ops/a.graphql': ONE, 'vars/One.csv': '', 'vars/One.json': '' },
      /both One\.csv and One\.json/,
    ],
    [
      'another kind of file',
      { 'ops/a.graphql': ONE, 'vars.txt': '' },
      /vars\.txt is not a \.csv or \.json/,
    ],
    ['an empty file', { 'ops/a.graphql': ONE, 'vars.csv': '' }, /vars\.csv: is empty/],
    [
      'a header only',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id\n' },
      /vars\.csv: has a header and no rows/,
    ],
    [
      'semicolons',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id;name\n1;2\n' },
      /vars\.csv:1: separate columns by commas/,
    ],
    [
      'a column twice',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id,id\n1,2\n' },
      /vars\.csv:1: two columns are called id/,
    ],
    [
      'too many cells',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id,x\n1,"a\nb"\n2,3,4\n' },
      /vars\.csv:4: 3 cells, but the header names 2/,
    ],
    [
      'too few cells',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id,x\r\n1,2\r\n3\r\n' },
      /vars\.csv:3: 1 cell, but/,
    ],
    [
      'a quote that is not closed',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id,x\n1,2\n3,"4\n5,6\n' },
      /vars\.csv:3: a quote is opened and not closed/,
    ],
    [
      'a quote within',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id\na"b\n' },
      /vars\.csv:2: a quote within a cell/,
    ],
    [
      'text after a quote',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id\n"a"b\n' },
      /vars\.csv:2: a quoted cell goes on/,
    ],
    [
      'not an Int',
      { 'ops/a.graphql': PAGE, 'vars.csv': 'limit\n1\n2.5\nten\n' },
      /vars\.csv:3: Page: \$limit is not Int!: .*2\.5\n.*vars\.csv:4: .*"ten"/,
    ],
    [
      'an empty cell where a value is needed',
      { 'ops/a.graphql': PAGE, 'vars.csv': 'limit,after\n1,\n,x\n' },
      /vars\.csv:3: Page: \$limit has no value, and Int! needs one/,
    ],
    [
      'a broken line among those of two systems',
      { 'ops/a.graphql': ONE, 'vars.csv': 'id,x\n1,2\r\n3\r\n' },
      /vars\.csv:3: 1 cell, but/,
    ],
    [
      'bytes of another encoding',
      { 'ops/a.graphql': ONE, 'vars.csv': Buffer.from('id\n1\n\xfc\n', 'latin1') },
      /vars\.csv:3: not UTF-8/,
    ],
    [
      'broken JSON',
      { 'ops/a.graphql': ONE, 'vars.json': '[\n{"id": 1},\n{"id" 2}]' },
      /vars\.json:3: not JSON/,
    ],
    [
      'JSON that ends too early',
      { 'ops/a.graphql': ONE, 'vars.json': '[\n{"id": 1}\n' },
      /vars\.json:3: not JSON/,
    ],
    [
      'JSON that is no array',
      { 'ops/a.graphql': ONE, 'vars.json': '{}' },
      /an array of objects .* is needed/,
    ],
    [
      'a row that is no object',
      { 'ops/a.graphql': ONE, 'vars.json': '[\n {"id": "1"},\n\n 7]' },
      /vars\.json:4: an object/,
    ],
    [
      'a value of another type',
      { 'ops/a.graphql': PAGE, 'vars.json': '[{"limit": 1},\n{"limit": "1"}]' },
      /vars\.json:2: Page: \$limit is not Int!/,
    ],
    [
      'a null where none may be',
      { 'ops/a.graphql': PAGE, 'vars.json': '[{"limit": null}]' },
      /vars\.json:1: Page: \$limit is not Int!/,
    ],
    [
      'an answer that lacks a field',
      {
        'ops/a.graphql': ONE,
        'vars.json': '[{"variables": {"id": "1"}, "expected": {"user": {}}}]',
      },
      /vars\.json:1: expected is no answer to One \(ops\/a\.graphql:1\): data\.user\.id is selected and missing/,
    ],
    [
      'an answer with a field too many',
      {
        'ops/a.graphql': ONE,
        'vars.json': '[{"variables": {"id": "1"}, "expected": {"user": null, "x": 1}}]',
      },
      /data\.x is not selected/,
    ],
    [
      'one answer for several operations',
      {
        'ops/a.graphql': `${ONE} query Two { b }`,
        'vars.json': '[{"variables": {"id": "1"}, "expected": {"b": 1}}]',
      },
      /vars\.json:1: "expected" in a file for several operations; take a folder/,
    ],
    [
      'an enum value there is not',
      {
        'ops/a.graphql': 'query A($kind: Kind) { page(limit: 1, kind: $kind) { id } }',
        'vars.csv': 'kind\nOLD\nWORN\n',
        'schema.graphql': SCHEMA,
      },
      /vars\.csv:3: A: \$kind is not Kind: Value "WORN" does not exist/,
    ],
    [
      'a list that is no JSON',
      {
        'ops/a.graphql': 'query A($where: Where) { page(limit: 1, where: $where) { id } }',
        'vars.csv': 'where\n"{""ages"": [1, null]}"\nyoung\n',
        'schema.graphql': SCHEMA,
      },
      /vars\.csv:2: A: \$where\.ages\.1 is not Where: .*\n.*vars\.csv:3: /,
    ],
  ])('%s', async (_, files, message) => {
    expect(await refusal(files)).toMatch(message);
  });

  test('cells are converted by the declared types', async () => {
    const operation = `query A($i: Int, $f: Float, $b: Boolean, $s: String!, $d: ID, $l: [Int!], $o: Where,
      $k: Kind, $t: Time = "now") { a(i: $i, f: $f, b: $b, s: $s, d: $d, l: $l, o: $o, k: $k, t: $t) }`;
    const header = 'i,f,b,s,d,l,o,k,t';
    const rows = await rowsOf({
      'ops/a.graphql': operation,
      'vars.csv': `\ufeff${header}\r\n1,1e3,TRUE,007,007,"[1,2]","{""ages"":[]}",OLD,12:00\r\n\r\n,,,,,,,,\r\n`,
    });
    expect(rows?.map(({ variables }) => variables)).toEqual([
      {
        i: 1,
        f: 1000,
        b: true,
        s: '007',
        d: '007',
        l: [1, 2],
        o: { ages: [] },
        k: 'OLD',
        t: '12:00',
      },
      { s: '' },
    ]);
  });

  test.each([
    ['\n', '\r\n'],
    ['\r\n', '\n'],
  ])('lines end as two systems wrote them: %j, then %j', async (first, then) => {
    const text = `id,x${first}7,a${then}8,b${then}9,c`;
    const rows = await rowsOf({
      'ops/a.graphql': 'query A($id: ID!, $x: String) { a(id: $id, x: $x) }',
      'vars.csv': text,
    });
    expect(rows?.map(({ variables }) => variables)).toEqual([
      { id: '7', x: 'a' },
      { id: '8', x: 'b' },
      { id: '9', x: 'c' },
    ]);
  });

  test('each operation takes its columns; one without variables is asked once', async () => {
    const files = {
      'ops/a.graphql': `${ONE} ${PAGE} { last }`,
      'vars.csv': 'id,limit,note\n1,2,x\n3,4,y\n',
    };
    const backend = await open(files);
    const load = await backend.feeds('');
    expect(load.map(({ name, rows }) => [name, rows.map(({ variables }) => variables)])).toEqual([
      ['One', [{ id: '1' }, { id: '3' }]],
      ['Page', [{ limit: 2 }, { limit: 4 }]],
      ['a', [{}]],
    ]);
    expect(backend.warnings).toEqual([
      {
        code: 'unused-variables',
        severity: 'note',
        message: expect.stringMatching(/^vars\.csv: note is a variable of no operation/),
      },
    ]);
  });

  test('more rows than the load generator can hold are refused', async () => {
    const rows = `[${'{},'.repeat(200_000)}{}]`;
    expect(
      await refusal({ 'ops/a.graphql': 'query A($a: Int) { a(b: $a) }', 'vars.json': rows }),
    ).toMatch(/more than the 200,000 rows/);
  });

  test('a file that belongs to no operation is told', async () => {
    const { warnings } = await open({
      'ops/a.graphql': ONE,
      // Some systems write names so.
      'vars/One.CSV': 'id\n1\n',
      'vars/Oen.json': 'x',
    });
    expect(warnings[0]?.message).toMatch(/^Oen\.json is named after no operation/);
  });
});
