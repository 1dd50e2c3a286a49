import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a project seems to have; paths are relative to it, with `/`. */
export interface Guess {
  /** `src/graphql.ts#handler`, the likeliest first. */
  handlers: string[];
  operations: string | null;
  variables: string | null;
  schema: string | null;
  envFile: string | null;
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];
const DEPLOYMENTS = ['serverless.yml', 'serverless.yaml', 'template.yaml', 'template.yml'];
const FOLDERS = ['', 'src/', 'dist/', 'build/', 'lib/'];
const NAMES = ['graphql', 'handler', 'lambda', 'server', 'index'];
const EXPORTS = ['handler', 'graphqlHandler', 'graphql'];
const OPERATION_FOLDERS = [
  'bench/operations',
  'operations',
  'ops',
  'graphql/operations',
  'src/operations',
  'src/graphql/operations',
  'queries',
  'src/queries',
];
const VARIABLES = ['bench/variables', 'variables'].flatMap((path) => [
  path,
  `${path}.csv`,
  `${path}.json`,
]);
const SCHEMAS = ['schema.graphql', 'src/schema.graphql', 'graphql/schema.graphql'];

export function guess(folder: string): Guess {
  const here = (path: string) => existsSync(join(folder, path));
  return {
    handlers: [...new Set([...deployed(folder), ...usual(folder), ...main(folder)])],
    operations: OPERATION_FOLDERS.find((path) => hasOperations(join(folder, path))) ?? null,
    variables: VARIABLES.find(here) ?? null,
    schema: SCHEMAS.find(here) ?? null,
    envFile: here('.env') ? '.env' : null,
  };
}

export function hasOperations(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  return readdirSync(path).some((name) => /\.(graphql|gql)$/.test(name));
}

/** `handler: src/graphql.handler` of what deploys the project, read as lines: no YAML is understood. */
function deployed(folder: string): string[] {
  return DEPLOYMENTS.flatMap((name) => {
    const text = textOf(join(folder, name));
    const roots = [...text.matchAll(/^\s*CodeUri:\s*['"]?\.?\/?([\w./-]*?)\/?['"]?\s*$/gm)];
    const bases = [...roots.map((match) => (match[1] ? `${match[1]}/` : '')), ...FOLDERS];
    const entries = text.matchAll(
      /^\s*[Hh]andler:\s*['"]?(?:\.\/)?([\w./-]+)\.([\w$]+)['"]?\s*$/gm,
    );
    return [...entries].flatMap(([, path, exportName]) => {
      const file = bases
        .flatMap((base) => EXTENSIONS.map((extension) => `${base}${path}${extension}`))
        .find((candidate) => isFile(join(folder, candidate)));
      return file === undefined ? [] : [`${file}#${exportName}`];
    });
  });
}

function usual(folder: string): string[] {
  const files = FOLDERS.flatMap((base) =>
    NAMES.flatMap((name) => EXTENSIONS.map((extension) => `${base}${name}${extension}`)),
  );
  return files.flatMap((file) => withExport(folder, file));
}

function main(folder: string): string[] {
  const text = textOf(join(folder, 'package.json'));
  // Read as a line, as it may be anything: a package that is no project of Node's has none.
  const file = /^\s*"main"\s*:\s*"(?:\.\/)?([^"]+)"/m.exec(text)?.[1];
  return file === undefined ? [] : withExport(folder, file);
}

/** A file that exports something with a handler's name. */
function withExport(folder: string, file: string): string[] {
  const text = textOf(join(folder, file));
  const name = EXPORTS.find((one) =>
    new RegExp(
      `export\\s+(?:const|let|var|(?:async\\s+)?function)\\s+${one}\\b|export\\s*\\{[^}]*\\b${one}\\b|exports\\.${one}\\s*=`,
    ).test(text),
  );
  return name === undefined ? [] : [`${file}#${name}`];
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function textOf(path: string): string {
  return isFile(path) ? readFileSync(path, 'utf8') : '';
}
