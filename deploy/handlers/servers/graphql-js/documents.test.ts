import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { documentCache } from './documents.ts';

const KEPT = 500;
const schema = buildSchema('type Query { a(b: Int): Int }');

test('a query is parsed and validated once, a wrong one too', () => {
  const documentOf = documentCache(schema);
  const right = documentOf('{ a }');
  expect(right.document).toEqual(parse('{ a }'));
  expect(documentOf('{ a }')).toBe(right);
  const wrong = documentOf('{ b }');
  expect(wrong.document).toBeUndefined();
  expect(wrong.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  expect(documentOf('{ b }')).toBe(wrong);
  const broken = documentOf('{');
  expect(broken.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
  expect(documentOf('{')).toBe(broken);
});

test('as many are kept as there is room, those asked for last', () => {
  const documentOf = documentCache(schema);
  const query = (number: number) => `{ a(b: ${number}) }`;
  const kept = documentOf(query(0));
  const forgotten = documentOf(query(1));
  for (let number = 2; number < KEPT; number += 1) documentOf(query(number));
  expect(documentOf(query(0))).toBe(kept);
  documentOf(query(KEPT));
  expect(documentOf(query(0))).toBe(kept);
  expect(documentOf(query(1))).not.toBe(forgotten);
});
