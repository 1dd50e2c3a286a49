import type { IncomingMessage } from 'node:http';
import { clientIp, headerOf, queryValues, requestTime, splitUrl } from './request-parts.ts';
import { restEventHeaders } from './rest-event-headers.ts';
import type { MatchedPath } from './rest-resource.ts';

/** Of the API: the same for every event. */
export interface RestApiFacts {
  accountId: string;
  apiId: string;
  deploymentId: string;
  stage: string;
  /** null where the stage has none. */
  stageVariables: Readonly<Record<string, string>> | null;
  resource: string;
  resourceId: string;
}

export interface RestEventContext {
  api: RestApiFacts;
  requestId: string;
  extendedRequestId: string;
  /** Of the integration, for the function. */
  traceHeader: string;
  receivedUs: number;
  port: number;
  matched: MatchedPath;
}

/** As it is sent; null where there is nothing. */
export interface RestEvent {
  resource: string;
  path: string;
  httpMethod: string;
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
  queryStringParameters: Record<string, string> | null;
  multiValueQueryStringParameters: Record<string, string[]> | null;
  pathParameters: Record<string, string> | null;
  stageVariables: Readonly<Record<string, string>> | null;
  requestContext: {
    resourceId: string;
    resourcePath: string;
    httpMethod: string;
    extendedRequestId: string;
    requestTime: string;
    path: string;
    accountId: string;
    protocol: string;
    stage: string;
    domainPrefix: string;
    requestTimeEpoch: number;
    requestId: string;
    identity: {
      cognitoIdentityPoolId: null;
      accountId: null;
      cognitoIdentityId: null;
      caller: null;
      sourceIp: string;
      principalOrgId: null;
      accessKey: null;
      cognitoAuthenticationType: null;
      cognitoAuthenticationProvider: null;
      userArn: null;
      userAgent: string | null;
      user: null;
    };
    domainName: string;
    deploymentId: string;
    apiId: string;
  };
  body: string | null;
  isBase64Encoded: boolean;
}

/**
 * The event of a REST API's Lambda proxy integration (payload format 1.0). Fields are those recorded
 * of the service (localstack, test_lambda_aws_proxy_integration; hotsock/voker, vokerhttp/testdata):
 * `apiKey`, `clientCert` and `authorizer` come only where the API has such a thing.
 * @param bytes whether the body is binary: then it comes as base64
 */
export function restEvent(
  request: IncomingMessage,
  body: Buffer,
  bytes: boolean,
  { api, matched, ...context }: RestEventContext,
): string {
  const { query } = splitUrl(request.url as string);
  const { headers, multiValueHeaders } = restEventHeaders(request, context);
  // A semicolon splits as an ampersand does. Source: "Important notes" for REST APIs.
  const values = queryValues(query.includes(';') ? query.replaceAll(';', '&') : query);
  const event: RestEvent = {
    resource: api.resource,
    path: matched.path,
    httpMethod: request.method as string,
    headers,
    multiValueHeaders,
    queryStringParameters: values === null ? null : lastValues(values),
    multiValueQueryStringParameters: values,
    pathParameters: matched.parameters,
    stageVariables: api.stageVariables,
    requestContext: {
      resourceId: api.resourceId,
      resourcePath: api.resource,
      httpMethod: request.method as string,
      extendedRequestId: context.extendedRequestId,
      requestTime: requestTime(context.receivedUs),
      path: matched.fullPath,
      accountId: api.accountId,
      protocol: 'HTTP/1.1',
      stage: api.stage,
      domainPrefix: api.apiId,
      requestTimeEpoch: Math.floor(context.receivedUs / 1000),
      requestId: context.requestId,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        cognitoIdentityId: null,
        caller: null,
        sourceIp: clientIp(request),
        principalOrgId: null,
        accessKey: null,
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: null,
        userAgent: headerOf(request, 'user-agent') ?? null,
        user: null,
      },
      domainName: request.headers.host as string,
      deploymentId: api.deploymentId,
      apiId: api.apiId,
    },
    body: body.length === 0 ? null : body.toString(bytes ? 'base64' : 'utf8'),
    isBase64Encoded: bytes && body.length > 0,
  };
  return JSON.stringify(event);
}

function lastValues(values: Record<string, string[]>): Record<string, string> {
  const last: Record<string, string> = Object.create(null);
  for (const name of Object.keys(values)) last[name] = values[name]?.at(-1) ?? '';
  return last;
}
