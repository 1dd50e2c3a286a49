import { GraphQLError } from 'graphql';

/** What a caller is told of an error that nobody threw for callers: the same from every server. */
export const UNEXPECTED = {
  message: 'Internal server error',
  code: 'INTERNAL_SERVER_ERROR',
} as const;

/** Errors for callers are GraphQLErrors, bare or where execution put them into one of its own. */
export function isUnexpected(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return true;
  const { originalError } = error;
  return originalError !== undefined && originalError !== null && isUnexpected(originalError);
}

/** For the function's log, with its stack. */
export function logUnexpected(error: unknown): void {
  console.error((error instanceof GraphQLError && error.originalError) || error);
}
