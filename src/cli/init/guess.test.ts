import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { guess } from './guess.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'bench-guess-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function found(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  return guess(project);
}

const HANDLER = 'export const handler = async () => ({});';

test('an empty project has nothing', () => {
  expect(found({})).toEqual({
    handlers: [],
    operations: null,
    variables: null,
    schema: null,
    envFile: null,
  });
});

test('what serverless.yml deploys comes first', () => {
  const { handlers } = found({
    'serverless.yml': 'functions:\n  api:\n    handler: src/api/entry.graphql\n',
    'src/api/entry.ts': 'export const graphql = 1;',
    'src/handler.ts': HANDLER,
  });
  expect(handlers).toEqual(['src/api/entry.ts#graphql', 'src/handler.ts#handler']);
});

test("a template's handler is looked for below its code", () => {
  const { handlers } = found({
    'template.yaml': 'Properties:\n  CodeUri: services/api/\n  Handler: app.lambdaHandler\n',
    'services/api/app.js': 'exports.lambdaHandler = () => {};',
  });
  expect(handlers).toEqual(['services/api/app.js#lambdaHandler']);
});

test('a usual file is one only if it exports a handler', () => {
  const { handlers } = found({
    'src/index.ts': 'export const server = 1;',
    'src/graphql.ts': 'const x = 1;\nexport { x, handler };',
    'dist/graphql.js': 'exports.graphqlHandler = x;',
    'package.json': '{\n  "main": "./lib/start.js"\n}',
    'lib/start.js': 'export async function handler() {}',
  });
  expect(handlers).toEqual([
    'src/graphql.ts#handler',
    'dist/graphql.js#graphqlHandler',
    'lib/start.js#handler',
  ]);
});

test('operations, variables, schema and variables of the environment are found where they usually are', () => {
  expect(
    found({
      'ops/a.graphql': 'query A { a }',
      'variables.csv': 'id\n1\n',
      'src/schema.graphql': 'type Query { a: Int }',
      '.env': 'A=1',
    }),
  ).toMatchObject({
    operations: 'ops',
    variables: 'variables.csv',
    schema: 'src/schema.graphql',
    envFile: '.env',
  });
  // A folder of something else is none.
  rmSync(join(project, 'ops/a.graphql'));
  expect(found({ 'queries/a.sql': '' }).operations).toBe(null);
});
