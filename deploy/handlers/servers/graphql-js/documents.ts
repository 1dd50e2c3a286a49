import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { requestError } from './errors.ts';

/** A document that may be run, or why not. */
export type Checked =
  | { document: DocumentNode; errors?: undefined }
  | { document?: undefined; errors: GraphQLFormattedError[] };

/** Callers send few documents again and again; somebody who does not shall not fill the memory. */
const KEPT = 500;
const RULES = [...specifiedRules, NoSchemaIntrospectionCustomRule];

/** Parses and validates each query once while it stays among those asked for last. */
export function documentCache(schema: GraphQLSchema): (query: string) => Checked {
  const kept = new Map<string, Checked>();
  return (query) => {
    const checked = kept.get(query) ?? check(schema, query);
    // A Map keeps the order of insertion: its first is what was asked for longest ago.
    kept.delete(query);
    kept.set(query, checked);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return checked;
  };
}

function check(schema: GraphQLSchema, query: string): Checked {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { errors: [requestError(error, 'GRAPHQL_PARSE_FAILED')] };
  }
  const errors = validate(schema, document, RULES);
  if (errors.length === 0) return { document };
  return { errors: errors.map((error) => requestError(error, 'GRAPHQL_VALIDATION_FAILED')) };
}
