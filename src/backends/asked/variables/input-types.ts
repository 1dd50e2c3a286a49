import {
  coerceInputValue,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  specifiedScalarTypes,
  type TypeNode,
} from 'graphql';

/** A variable an operation declares. */
export interface Declared {
  name: string;
  type: GraphQLInputType;
  /** It has to have a value: its type is non-null and it has no default. */
  required: boolean;
}

/** Without a schema, a type that is not GraphQL's own takes any value. */
export function declaredBy(
  { variableDefinitions = [] }: OperationDefinitionNode,
  schema: GraphQLSchema | null,
): Declared[] {
  return variableDefinitions.map(({ variable, type: node, defaultValue }) => {
    const type = typeOf(node, schema);
    const required = isNonNullType(type) && defaultValue === undefined;
    return { name: variable.name.value, type, required };
  });
}

function typeOf(node: TypeNode, schema: GraphQLSchema | null): GraphQLInputType {
  switch (node.kind) {
    case Kind.NON_NULL_TYPE: {
      const inner = typeOf(node.type, schema);
      return isNonNullType(inner) ? inner : new GraphQLNonNull(inner);
    }
    case Kind.LIST_TYPE:
      return new GraphQLList(typeOf(node.type, schema));
    case Kind.NAMED_TYPE: {
      const name = node.name.value;
      const known = schema?.getType(name);
      if (isInputType(known)) return known;
      return (
        specifiedScalarTypes.find((scalar) => scalar.name === name) ??
        new GraphQLScalarType({ name })
      );
    }
  }
}

/**
 * A table's cell as a variable; undefined where an empty cell means "not given". What cannot be
 * converted stays text, for `problemOf` to refuse. Enums and scalars of the API's own are text;
 * lists and input objects are JSON, as is a text in braces where no schema tells what it is.
 */
export function fromCell(cell: string, { type, required }: Declared): unknown {
  const nullable = isNonNullType(type) ? type.ofType : type;
  const named = getNamedType(nullable);
  if (cell === '') return required && named.name === 'String' ? '' : undefined;
  if (isListType(nullable) || isInputObjectType(named)) return parsed(cell) ?? cell;
  switch (named.name) {
    case 'Int':
    case 'Float':
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell.trim()) ? Number(cell) : cell;
    case 'Boolean':
      if (/^\s*true\s*$/i.test(cell)) return true;
      return /^\s*false\s*$/i.test(cell) ? false : cell;
    case 'ID':
    case 'String':
      return cell;
  }
  if (isEnumType(named)) return cell.trim();
  return cell.trimStart().startsWith('{') ? (parsed(cell) ?? cell) : cell;
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

/** Why a server would refuse these variables, in the words of graphql-js; null where it would not. */
export function problemOf(
  variables: Record<string, unknown>,
  declared: readonly Declared[],
): string | null {
  for (const { name, type, required } of declared) {
    const value = variables[name];
    if (value === undefined) {
      if (required) return `$${name} has no value, and ${type} needs one`;
      continue;
    }
    let problem: string | null = null;
    coerceInputValue(value, type, (path, _, { message }) => {
      problem ??= `$${[name, ...path].join('.')} is not ${type}: ${message}`;
    });
    if (problem !== null) return problem;
  }
  return null;
}
