import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { MakeLoaders } from '../loaders/loaders.ts';
import { type HttpAnswer, type HttpEvent, httpRequest } from './shared/http.ts';
import { executableSchema } from './shared/schema.ts';
import { logUnexpected, UNEXPECTED } from './shared/unexpected.ts';

/** Yoga answers one path; which path leads here is for the front to say. */
const ENDPOINT = '/graphql';
const URL_OF_ENDPOINT = `http://lambda${ENDPOINT}`;

/**
 * GraphQL Yoga, made once per environment. On, as it comes: the cache of parsed and validated
 * documents, masked errors, the checks of the request.
 */
export function serve(makeLoaders: MakeLoaders) {
  const yoga = createYoga({
    schema: executableSchema(),
    context: makeLoaders,
    graphqlEndpoint: ENDPOINT,
    plugins: [noIntrospection, badRequests],
    maskedErrors: { errorMessage: UNEXPECTED.message },
    logging: { debug() {}, info() {}, warn: console.warn, error: logUnexpected },
    graphiql: false,
    landingPage: false,
    // No uploads; CORS is the front's; Lambda bounds a request at 6 MB.
    multipart: false,
    cors: false,
    maxRequestBodySize: false,
  });
  return async (event: HttpEvent): Promise<HttpAnswer> => {
    const { method, headers, search, body } = httpRequest(event);
    const url = search === '' ? URL_OF_ENDPOINT : `${URL_OF_ENDPOINT}?${search}`;
    const response = await yoga.fetch(url, { method, headers, body: body === '' ? null : body });
    return {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };
}

const noIntrospection: Plugin = {
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
};

/**
 * Yoga answers 200 to a request that cannot be run (no query, not valid, variables that do not fit)
 * where the caller takes application/json: a 400 from the other servers, and for whoever counts
 * failures. And it tells what JSON.parse said. A GET whose variables are not JSON it takes for a mistake
 * of its own, a 500.
 */
const badRequests: Plugin = {
  onRequestParse({ request, requestParser, setRequestParser }) {
    if (request.method !== 'GET' || requestParser === undefined) return;
    setRequestParser((get) => {
      try {
        return requestParser(get);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        const extensions = { code: 'BAD_REQUEST' };
        throw new GraphQLError('the parameters of the GET are not JSON', { extensions });
      }
    });
  },
  onResultProcess({ result }) {
    if (!('errors' in result) || result.data !== undefined) return;
    for (const { extensions } of result.errors ?? []) {
      const open = extensions as { code?: unknown; http?: object; originalError?: unknown };
      open.code ??= 'BAD_USER_INPUT';
      if (open.code === UNEXPECTED.code) continue;
      delete open.originalError;
      open.http = { status: 400, ...open.http, spec: false };
    }
  },
};
