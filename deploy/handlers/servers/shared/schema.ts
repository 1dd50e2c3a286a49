import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import typeDefs from '../../../../fixtures/schema.graphql';
import type { Loaders } from '../../loaders/loaders.ts';
import { resolvers } from '../../resolvers/resolvers.ts';

/** The schema with its resolvers, without a library that would make it. */
export function executableSchema(): GraphQLSchema {
  const schema = buildSchema(typeDefs);
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`the schema has no object type ${typeName}`);
    const defined = type.getFields();
    for (const [name, resolve] of Object.entries(fields)) {
      const field = defined[name];
      if (field === undefined) throw new Error(`the schema has no field ${typeName}.${name}`);
      field.resolve = resolve as GraphQLFieldResolver<unknown, Loaders>;
    }
  }
  return schema;
}
