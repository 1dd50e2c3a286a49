import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  execute,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { expect, test } from 'vitest';
import { FileProblems } from '../problems.ts';
import { readCsv } from './csv.ts';
import { inSelectionOrder } from './expected.ts';
import { declaredBy, fromCell, problemOf } from './input-types.ts';
import { elementLines } from './json.ts';

const SCHEMA = buildSchema(`
  type Query { cat: Cat any: Pet all: [Pet!]! }
  interface Pet { id: ID! name: String friend: Pet }
  type Cat implements Pet { id: ID! name: String friend: Pet lives: Int }
  type Dog implements Pet { id: ID! name: String friend: Pet tricks: [String] }
`);

const DOG: Record<string, unknown> = { __typename: 'Dog', id: 'd', name: 'Rex', tricks: ['sit'] };
const CAT = { __typename: 'Cat', id: 'c', name: null, lives: 9, friend: DOG };
DOG.friend = CAT;
const ROOT = { cat: CAT, any: DOG, all: [CAT, DOG] };

function operationOf(document: DocumentNode) {
  const [definition, ...fragments] = document.definitions;
  return {
    definition: definition as OperationDefinitionNode,
    fragments: fragments as FragmentDefinitionNode[],
  };
}

/** Selections on Pet; a response key always means the same field, as GraphQL demands. */
const { selections } = fc.letrec<{ selections: string; selection: string }>((tie) => ({
  selections: fc
    .array(tie('selection'), { minLength: 1, maxLength: 4 })
    .map((some) => `{ ${some.join(' ')} }`),
  selection: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('id', 'name', 'other: name', 'name @skip(if: $yes)', 'id @include(if: $yes)'),
    fc.constantFrom('...Shared', '... on Cat { lives id }', '... on Dog { tricks name }'),
    tie('selections').map((inner) => `friend ${inner}`),
    tie('selections').map((inner) => `... on Pet ${inner}`),
    tie('selections').map((inner) => `... @include(if: $no) ${inner}`),
  ),
}));

/** Keys in the order of the alphabet: another than the answer's. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

test('an expected answer gets the order of keys in which graphql-js answers', () => {
  fc.assert(
    fc.property(selections, selections, selections, (onCat, onAny, onAll) => {
      // Without __typename nothing tells which fragments apply to a Pet.
      const typed = (set: string) => set.replaceAll('{', '{ __typename');
      const document = parse(`query Q($yes: Boolean = true, $no: Boolean!) {
          all ${typed(onAll)} any ${typed(onAny)} cat ${typed(onCat)}
        }
        fragment Shared on Pet { friend { __typename id } name }`);
      const variables = { no: false };
      const answer = execute({
        schema: SCHEMA,
        document,
        rootValue: ROOT,
        variableValues: variables,
      });
      if (answer instanceof Promise) throw new Error('nothing here waits');
      expect(answer.errors).toBe(undefined);
      const plain: unknown = JSON.parse(JSON.stringify(answer.data));
      const told = inSelectionOrder(sorted(plain), operationOf(document), variables, SCHEMA);
      expect(told.problem).toBe(null);
      expect(JSON.stringify(told.data)).toBe(JSON.stringify(plain));
    }),
    { numRuns: 300 },
  );
});

test('a key that is missing or one too many is found wherever it is', () => {
  const operation = operationOf(parse('{ all { id name friend { id } } }'));
  const pet = () => ({ id: '1', name: null, friend: { id: '2' } as Record<string, unknown> });
  fc.assert(
    fc.property(fc.nat(4), fc.boolean(), (at, extra) => {
      const all = Array.from({ length: 5 }, pet);
      const friend = all[at]?.friend ?? {};
      if (extra) friend.age = 3;
      else delete friend.id;
      const { problem } = inSelectionOrder({ all }, operation, {}, null);
      expect(problem).toBe(
        extra
          ? `data.all.${at}.friend.age is not selected`
          : `data.all.${at}.friend.id is selected and missing`,
      );
    }),
  );
});

const TYPES = operationOf(
  parse(
    'query Q($int: Int, $float: Float!, $text: String!, $flag: Boolean, $list: [[Int]!]) { a }',
  ),
).definition;

const quoted = (cell: string) =>
  /[",\n\r]/.test(cell) || cell.trim() === '' ? `"${cell.replaceAll('"', '""')}"` : cell;

test('variables written as CSV are read back as they were, with the lines they stand on', () => {
  const row = fc.record(
    {
      int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      float: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      text: fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '😀', ';') }),
      flag: fc.boolean(),
      list: fc.array(fc.array(fc.integer({ min: 0, max: 9 }))),
    },
    { requiredKeys: ['float', 'text'] },
  );
  const declared = declaredBy(TYPES, null);
  const cellOf = (value: unknown) =>
    Array.isArray(value) ? JSON.stringify(value) : String(value ?? '');
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, lineEnd) => {
        const names = declared.map(({ name }) => name);
        const lines = rows.map((one) =>
          names.map((name) => quoted(cellOf(one[name as keyof typeof one]))).join(','),
        );
        const text = [names.join(','), ...lines].join(lineEnd);
        const problems = new FileProblems('--variables');
        const table = readCsv('f.csv', text, problems);
        problems.throwIfAny();
        const read = table.rows.map(({ values }) =>
          Object.fromEntries(
            declared.flatMap((one) => {
              const value = fromCell(String(values[one.name]), one);
              return value === undefined ? [] : [[one.name, value]];
            }),
          ),
        );
        // An absent key and an undefined one are the same; -0 is written as 0.
        expect(read).toEqual(JSON.parse(JSON.stringify(rows)));
        expect(read.map((one) => problemOf(one, declared))).toEqual(rows.map(() => null));
        const starts = lines.map(
          (_, index) =>
            [names.join(','), ...lines.slice(0, index), ''].join(lineEnd).split('\n').length,
        );
        expect(table.rows.map(({ line }) => line)).toEqual(starts);
      },
    ),
    { numRuns: 300 },
  );
});

test('any bytes as CSV end in rows or in problems, never in a defect', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\ufeff') }),
      (text) => {
        const problems = new FileProblems('--variables');
        const { rows } = readCsv('f.csv', text, problems);
        expect(rows.length > 0 || problems.any).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

test('the elements of a JSON array begin on the lines they are said to', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 10 }), (values) => {
      let line = 1;
      const starts: number[] = [];
      const texts = values.map((value) => {
        line += 1;
        starts.push(line);
        const text = JSON.stringify(value, null, 1);
        line += text.split('\n').length - 1;
        return text;
      });
      expect(elementLines(`[\n${texts.join(',\n')}]`)).toEqual(starts);
    }),
    { numRuns: 300 },
  );
});

test('every kind of type node is understood', () => {
  const types = declaredBy(TYPES, null).map(({ type, required }) => [String(type), required]);
  expect(types).toEqual([
    ['Int', false],
    ['Float!', true],
    ['String!', true],
    ['Boolean', false],
    ['[[Int]!]', false],
  ]);
  expect(TYPES.kind).toBe(Kind.OPERATION_DEFINITION);
});
