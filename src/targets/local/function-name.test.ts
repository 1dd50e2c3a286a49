import { expect, test } from 'vitest';
import { functionNameOf } from './function-name.ts';

const LONG = 'postgres-as-published-knex-1024-rest-api-graphql-js-batched-x100-ramp';

test('a name Lambda takes stays as it is; longer ones are cut and stay apart', () => {
  expect(functionNameOf('dynamo-1024-rest-api-apollo-x1-ramp')).toBe(
    'dynamo-1024-rest-api-apollo-x1-ramp',
  );
  const names = [LONG, `${LONG}-2`, LONG.replace('ramp', 'user')].map(functionNameOf);
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^postgres-as-published-[\w-]+-[0-9a-f]{8}$/);
  expect(names.map(({ length }) => length)).toEqual([64, 64, 64]);
});
