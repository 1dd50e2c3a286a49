import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { isUnexpected, logUnexpected, UNEXPECTED } from '../shared/unexpected.ts';

/** A request that is refused before it is GraphQL. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(message: string, status = 400, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** The answer to a request that threw: a refusal, or a mistake of this server's. */
export function failure(error: unknown) {
  if (error instanceof Refusal) {
    const { status, headers, message } = error;
    return { status, headers, result: { errors: [{ message, extensions: BAD_REQUEST }] } };
  }
  logUnexpected(error);
  const { message, code } = UNEXPECTED;
  return { status: 500, result: { errors: [{ message, extensions: { code } }] } };
}

const BAD_REQUEST = { code: 'BAD_REQUEST' };

/** An error of the execution as a caller may see it. */
export function formatted(error: GraphQLError): GraphQLFormattedError {
  const shown = error.toJSON();
  if (!isUnexpected(error)) {
    return { ...shown, extensions: { code: UNEXPECTED.code, ...shown.extensions } };
  }
  logUnexpected(error);
  return { ...shown, message: UNEXPECTED.message, extensions: { code: UNEXPECTED.code } };
}

/** An error found before anything ran. */
export function requestError(error: GraphQLError, code: string): GraphQLFormattedError {
  return { ...error.toJSON(), extensions: { code } };
}
