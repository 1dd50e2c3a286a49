import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { handlers, startServerAndCreateLambdaHandler } from '@as-integrations/aws-lambda';
import typeDefs from '../../../fixtures/schema.graphql';
import type { Loaders, MakeLoaders } from '../loaders/loaders.ts';
import { resolvers } from '../resolvers/resolvers.ts';
import type { HttpAnswer, HttpEvent } from './shared/http.ts';
import { isUnexpected, logUnexpected, UNEXPECTED } from './shared/unexpected.ts';

/**
 * Apollo Server behind a REST API (proxy event 1.0), an HTTP API or a function URL (2.0): the event's
 * shape tells. Made once per environment; what the API does not use is off, and the bundler leaves
 * its code out.
 */
export function serve(makeLoaders: MakeLoaders) {
  const server = new ApolloServer<Loaders>({
    typeDefs,
    resolvers,
    introspection: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Nobody sends hashes in place of queries here. The store of parsed documents stays on.
    persistedQueries: false,
    formatError: (formatted, error) => {
      if (!isUnexpected(error)) return formatted;
      logUnexpected(error);
      return { ...formatted, message: UNEXPECTED.message, extensions: { code: UNEXPECTED.code } };
    },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  return startServerAndCreateLambdaHandler(server, eitherEvent(), {
    context: async () => makeLoaders(),
  });
}

/** Both kinds of event take the same `{statusCode, headers, body}` as the answer. */
function eitherEvent() {
  const version1 = handlers.createAPIGatewayProxyEventRequestHandler();
  const version2 = handlers.createAPIGatewayProxyEventV2RequestHandler();
  return {
    ...version1,
    fromEvent: (event: HttpEvent) =>
      'httpMethod' in event ? version1.fromEvent(event) : version2.fromEvent(event),
    // The integration's own answer is the bare text of whatever was thrown, with a 400.
    toErrorResult(error: unknown): HttpAnswer {
      if (error instanceof SyntaxError) return refusal(400, 'the body is not JSON', 'BAD_REQUEST');
      logUnexpected(error);
      return refusal(500, UNEXPECTED.message, UNEXPECTED.code);
    },
  };
}

function refusal(statusCode: number, message: string, code: string): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ errors: [{ message, extensions: { code } }] }),
  };
}
