import { basename, extname, join } from 'node:path';
import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  Source,
  visit,
} from 'graphql';
import { UsageError } from '../../../base/errors.ts';
import type { LoadOperation } from '../../../model/scenario.ts';
import { FileProblems } from '../problems.ts';
import { namesIn, readText } from '../text-file.ts';

/** An operation of the user's with the fragments it uses, and the document that is sent. */
export interface OwnOperation {
  name: string;
  definition: OperationDefinitionNode;
  fragments: FragmentDefinitionNode[];
  query: string;
  origin: NonNullable<LoadOperation['origin']>;
}

const A_SCHEMA = 'a schema, not an operation; name its file by --schema';

/**
 * The queries and mutations of a .graphql or .gql file, or of all of a folder (folders in it are not
 * read), in the order of the files' names. A fragment may stand in any of the files. Throws
 * UsageError that says where `path` was `named`, with file, line and column of everything that is
 * wrong.
 */
export function readOperations(path: string, named: string): OwnOperation[] {
  const problems = new FileProblems(named);
  const fragments = new Map<string, FragmentDefinitionNode>();
  const found = new Map<string, OperationDefinitionNode>();
  for (const file of documentFiles(path, named)) {
    let schemaTold = false;
    for (const definition of definitionsOf(file, named, problems)) {
      switch (definition.kind) {
        case Kind.FRAGMENT_DEFINITION:
          addNew(fragments, `fragment ${definition.name.value}`, definition, problems);
          break;
        case Kind.OPERATION_DEFINITION: {
          const name = definition.name?.value ?? nameFrom(file);
          if (definition.operation === 'subscription') {
            const why = 'Lambda answers a request once, so there is nothing to subscribe to';
            problems.add(placeOf(definition), `${name} is a subscription: ${why}; take it out`);
          } else addNew(found, `operation ${name}`, definition, problems);
          break;
        }
        default:
          if (!schemaTold) problems.add(placeOf(definition), A_SCHEMA);
          schemaTold = true;
      }
    }
  }
  problems.throwIfAny();
  if (found.size === 0) {
    throw new UsageError(`${named}: there is no query or mutation in ${path}`);
  }
  return [...found].map(([key, definition]) =>
    assemble(key.slice('operation '.length), definition, fragments),
  );
}

function isDocument(name: string): boolean {
  return ['.graphql', '.gql'].includes(extname(name).toLowerCase());
}

function documentFiles(path: string, named: string): string[] {
  const names = namesIn(path, named);
  if (names === null) {
    if (isDocument(path)) return [path];
    throw new UsageError(`${named}: ${path} is not a .graphql or .gql file`);
  }
  const files = names.filter(isDocument);
  if (files.length > 0) return files.map((name) => join(path, name));
  const lacks =
    names.length === 0
      ? 'is empty'
      : `has no .graphql or .gql file (folders in it are not read): it holds ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
  throw new UsageError(`${named}: the folder ${path} ${lacks}`);
}

function definitionsOf(file: string, named: string, problems: FileProblems) {
  try {
    return parse(new Source(readText(file, named), file)).definitions;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    problems.add(placeOfError(error), error.message);
    return [];
  }
}

function addNew<T extends OperationDefinitionNode | FragmentDefinitionNode>(
  known: Map<string, T>,
  key: string,
  definition: T,
  problems: FileProblems,
): void {
  const other = known.get(key);
  if (other === undefined) known.set(key, definition);
  else problems.add(placeOf(definition), `the ${key} is at ${placeOf(other)} already`);
}

/** An operation without a name takes its file's, as a GraphQL name. */
function nameFrom(file: string): string {
  return basename(file, extname(file))
    .replaceAll(/\W/g, '_')
    .replace(/^(?=\d)/, '_');
}

/** The operation as it was written, followed by exactly the fragments it uses. */
function assemble(
  name: string,
  definition: OperationDefinitionNode,
  all: ReadonlyMap<string, FragmentDefinitionNode>,
): OwnOperation {
  const used = new Set<FragmentDefinitionNode>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
    visit(node, {
      FragmentSpread({ name: spread }) {
        const fragment = all.get(`fragment ${spread.value}`);
        if (fragment === undefined || used.has(fragment)) return;
        used.add(fragment);
        follow(fragment);
      },
    });
  follow(definition);
  let query = textOf(definition);
  const origins = [...used].map((fragment) => {
    query += '\n\n';
    const atLine = query.split(/\r\n|\n|\r/).length;
    query += textOf(fragment);
    return { atLine, ...startOf(fragment) };
  });
  return {
    name,
    definition,
    fragments: [...used],
    query,
    origin: { ...startOf(definition), fragments: origins },
  };
}

type Definition = { readonly loc?: OperationDefinitionNode['loc'] };

function textOf({ loc }: Definition): string {
  return loc === undefined ? '' : loc.source.body.slice(loc.start, loc.end);
}

function startOf({ loc }: Definition): { file: string; line: number } {
  return { file: loc?.source.name ?? '', line: loc?.startToken.line ?? 0 };
}

export function placeOf(definition: Definition): string {
  const { file, line } = startOf(definition);
  return `${file}:${line}`;
}

/** `file:line:column` in the user's file: nodes and syntax errors know their source. */
export function placeOfError(error: GraphQLError): string {
  const [at] = error.locations ?? [];
  return `${error.source?.name ?? ''}${at === undefined ? '' : `:${at.line}:${at.column}`}`;
}
