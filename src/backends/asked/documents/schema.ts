import {
  buildASTSchema,
  buildSchema,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  KnownFragmentNamesRule,
  NoFragmentCyclesRule,
  NoUndefinedVariablesRule,
  parse,
  Source,
  specifiedRules,
  UniqueArgumentNamesRule,
  UniqueInputFieldNamesRule,
  UniqueVariableNamesRule,
  validate,
  validateSchema,
} from 'graphql';
import { specifiedSDLRules } from 'graphql/validation/specifiedRules.js';
import { validateSDL } from 'graphql/validation/validate.js';
import { UsageError } from '../../../base/errors.ts';
import { FileProblems } from '../problems.ts';
import { readText } from '../text-file.ts';
import { type OwnOperation, placeOfError } from './read.ts';

/**
 * Directives of a schema mean something to its server only: unknown ones do no harm here. By name,
 * because graphql-js may be loaded twice, as a module and as CommonJS.
 */
const SDL_RULES = specifiedSDLRules.filter(({ name }) => name !== 'KnownDirectivesRule');

/** What can be told of an operation without its schema. */
const RULES_WITHOUT_SCHEMA = [
  KnownFragmentNamesRule,
  NoFragmentCyclesRule,
  NoUndefinedVariablesRule,
  UniqueArgumentNamesRule,
  UniqueInputFieldNamesRule,
  UniqueVariableNamesRule,
];

/**
 * Reads a schema in SDL. Throws UsageError that says where the file was `named`, with line and column
 * of all that is wrong.
 */
export function readSchema(file: string, named: string): GraphQLSchema {
  const text = readText(file, named);
  if (text.trimStart().startsWith('{"') || file.endsWith('.json')) {
    throw new UsageError(`${named}: ${file} is JSON; the schema definition language is needed`);
  }
  const problems = new FileProblems(named);
  const add = (error: GraphQLError) => problems.add(placeOfError(error) || file, error.message);
  try {
    const document = parse(new Source(text, file));
    validateSDL(document, null, SDL_RULES).forEach(add);
    problems.throwIfAny();
    const schema = buildASTSchema(document, { assumeValidSDL: true });
    validateSchema(schema).forEach(add);
    problems.throwIfAny();
    return schema;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new UsageError(`${named}: ${placeOfError(error) || file}: ${error.message}`);
  }
}

/**
 * Checks every operation against the schema, or without one against what holds for all. Throws
 * UsageError that says where they were `named`, with the places in the user's files.
 */
export function checkOperations(
  operations: readonly OwnOperation[],
  schema: GraphQLSchema | null,
  named: string,
): void {
  const problems = new FileProblems(named);
  const rules = schema === null ? RULES_WITHOUT_SCHEMA : specifiedRules;
  const against = schema ?? buildSchema('type Query { any: Int }');
  for (const { definition, fragments } of operations) {
    const document = { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] } as const;
    for (const error of validate(against, document, rules)) {
      problems.add(placeOfError(error), error.message);
    }
  }
  problems.throwIfAny();
}
