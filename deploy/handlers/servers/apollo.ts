import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { handlers, startServerAndCreateLambdaHandler } from '@as-integrations/aws-lambda';
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import typeDefs from '../../../fixtures/schema.graphql';
import type { Loaders, MakeLoaders } from '../loaders/loaders.ts';
import { resolvers } from '../resolvers/resolvers.ts';

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
    fromEvent: (event: APIGatewayProxyEvent | APIGatewayProxyEventV2) =>
      'httpMethod' in event ? version1.fromEvent(event) : version2.fromEvent(event),
  };
}
