import { execute, type FormattedExecutionResult, getOperationAST } from 'graphql';
import type { MakeLoaders } from '../loaders/loaders.ts';
import { documentCache } from './graphql-js/documents.ts';
import { failure, formatted, requestError } from './graphql-js/errors.ts';
import { type GraphqlRequest, graphqlRequest } from './graphql-js/request.ts';
import { type HttpAnswer, type HttpEvent, httpRequest } from './shared/http.ts';
import { executableSchema } from './shared/schema.ts';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

/**
 * graphql-js with what an API needs around it and no more: the checks of the HTTP request, a bounded
 * cache of parsed and validated documents, masked errors.
 */
export function serve(makeLoaders: MakeLoaders) {
  const schema = executableSchema();
  const documentOf = documentCache(schema);

  async function run({ query, operationName, variables }: GraphqlRequest): Promise<Outcome> {
    const { document, errors } = documentOf(query);
    if (document === undefined) return { status: 400, result: { errors } };
    const { data, errors: raised } = await execute({
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: makeLoaders(),
    });
    // Without data nothing ran: the operation is not there or its variables do not fit.
    if (data === undefined && raised !== undefined) {
      const found = getOperationAST(document, operationName);
      const code = found ? 'BAD_USER_INPUT' : 'OPERATION_RESOLUTION_FAILURE';
      return { status: 400, result: { errors: raised.map((error) => requestError(error, code)) } };
    }
    const result = raised === undefined ? { data } : { errors: raised.map(formatted), data };
    return { status: 200, result: result as FormattedExecutionResult };
  }

  return async (event: HttpEvent): Promise<HttpAnswer> => {
    const request = httpRequest(event);
    const type = request.headers.accept?.includes(GRAPHQL_TYPE) ? GRAPHQL_TYPE : JSON_TYPE;
    const outcome = await runOrFail(() => run(graphqlRequest(request)));
    return {
      statusCode: outcome.status,
      headers: { 'content-type': `${type}; charset=utf-8`, ...outcome.headers },
      body: JSON.stringify(outcome.result),
    };
  };
}

interface Outcome {
  status: number;
  headers?: Record<string, string>;
  result: FormattedExecutionResult;
}

async function runOrFail(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    return failure(error);
  }
}
