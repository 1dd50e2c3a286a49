import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { createOwnBackend } from '../own-backend.ts';

/** What messages call the settings. */
export const FLAGS = {
  handler: '--handler',
  operations: '--operations',
  variables: '--variables',
  schema: '--schema',
};

/** Contents by path: `ops/…`, `vars/…` (or `vars.csv`, `vars.json`) and `schema.graphql`. */
export type Files = Record<string, string | Uint8Array>;

let cwd: string;

/** Gives the tests of a file a folder for what `open` writes. */
export function useOwnFiles(): void {
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'bench-own-files-'));
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
}

/** The backend over files as a user has them. */
export async function open(files: Files) {
  const root = mkdtempSync(join(cwd, 'case-'));
  mkdirSync(join(root, 'ops'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  const [variables] = Object.keys(files).filter((name) => name.startsWith('vars'));
  return createOwnBackend({
    handlers: [{ name: 'mine', file: join(root, 'mine.mjs'), exportName: 'handler' }],
    runtime: 'nodejs24.x',
    environment: { SECRET: 'x' },
    operations: join(root, 'ops'),
    variables: variables === undefined ? null : join(root, variables.split('/')[0] ?? ''),
    schema: 'schema.graphql' in files ? join(root, 'schema.graphql') : null,
    named: FLAGS,
  });
}

/** What it says of them, without the folders of this machine. */
export async function refusal(files: Files): Promise<string> {
  const error: unknown = await open(files).then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: 'UsageError' });
  return (error as Error).message.replaceAll(/\/\S*case-\w+\//g, '');
}

/** A schema for the tests' operations. */
export const SCHEMA = `type Query {
  user(id: ID!): Named
  page(limit: Int!, after: String, kind: Kind, where: Where): [User!]
}
interface Named { id: ID! }
type User implements Named { id: ID! name: String }
enum Kind { OLD NEW }
input Where { ages: [Int!]! }
`;
