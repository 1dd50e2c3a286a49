import { GraphQLError } from 'graphql';

/**
 * PostgreSQL's own message as a GraphQL error, which servers show as it is: "sorry, too many clients
 * already" is what the caller should read. Its code: 53300.
 */
export async function withPostgresErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    throw new GraphQLError(message || `no connection to the database: ${code}`, {
      extensions: { code: 'DATABASE_ERROR', ...(code && { postgres: code }) },
    });
  }
}
