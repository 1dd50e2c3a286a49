import type { HttpRequest } from '../shared/http.ts';
import { Refusal } from './errors.ts';

export interface GraphqlRequest {
  query: string;
  operationName: string | null;
  variables: Record<string, unknown>;
}

/**
 * The GraphQL request of an HTTP request: POST with JSON, or GET. Throws Refusal. A GET could send a
 * mutation only where the schema has one.
 */
export function graphqlRequest(request: HttpRequest): GraphqlRequest {
  switch (request.method) {
    case 'POST':
      return checked(posted(request));
    case 'GET':
      return checked(fromSearch(request.search));
    default:
      throw new Refusal('GraphQL takes GET and POST', 405, { allow: 'GET, POST' });
  }
}

function posted({ headers, body }: HttpRequest): Record<string, unknown> {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new Refusal('the content type of a POST is application/json', 415);
  }
  const parameters = parsed(body, 'the body');
  if (isObject(parameters)) return parameters;
  throw new Refusal('the body is not a JSON object');
}

function fromSearch(search: string): Record<string, unknown> {
  const parameters = new URLSearchParams(search);
  const variables = parameters.get('variables');
  return {
    query: parameters.get('query'),
    operationName: parameters.get('operationName'),
    variables: variables === null ? null : parsed(variables, 'variables'),
  };
}

function checked(parameters: Record<string, unknown>): GraphqlRequest {
  const { query, operationName = null, variables } = parameters;
  if (typeof query !== 'string' || query === '') throw new Refusal('there is no query');
  if (operationName !== null && typeof operationName !== 'string') {
    throw new Refusal('operationName is not a string');
  }
  const values = variables ?? {};
  if (!isObject(values)) throw new Refusal('variables is not an object');
  return { query, operationName, variables: values };
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(`${what} is not JSON`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
