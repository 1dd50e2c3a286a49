import type { IncomingMessage } from 'node:http';
import {
  clientIp,
  forwardedFor,
  headerOf,
  queryValues,
  requestTime,
  splitUrl,
} from './request-parts.ts';

export interface RestEventContext {
  accountId: string;
  apiId: string;
  stage: string;
  /** `/graphql` */
  resource: string;
  resourceId: string;
  requestId: string;
  extendedRequestId: string;
  /** Of the integration, for the function. */
  traceHeader: string;
  receivedUs: number;
  port: number;
}

/**
 * The event of a REST API's Lambda proxy integration (payload format 1.0). Header names keep the case
 * they were sent in. The body is text: the API has no binary media types.
 */
export function restEvent(
  request: IncomingMessage,
  body: Buffer,
  context: RestEventContext,
): string {
  const { path, query } = splitUrl(request.url as string);
  const headers: Record<string, string> = Object.create(null);
  const multiValueHeaders: Record<string, string[]> = Object.create(null);
  const { rawHeaders } = request;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (OWN.has(name.toLowerCase())) continue;
    // Of several values the last is the single one.
    headers[name] = value;
    const all = multiValueHeaders[name];
    if (all === undefined) multiValueHeaders[name] = [value];
    else all.push(value);
  }
  const own: [string, string][] = [
    ['X-Amzn-Trace-Id', context.traceHeader],
    ['X-Forwarded-For', forwardedFor(request)],
    ['X-Forwarded-Port', String(context.port)],
    ['X-Forwarded-Proto', 'http'],
  ];
  for (const [name, value] of own) {
    headers[name] = value;
    multiValueHeaders[name] = [value];
  }
  const values = queryValues(query);
  const sourceIp = clientIp(request);
  return JSON.stringify({
    resource: context.resource,
    path: path.slice(context.stage.length + 1),
    httpMethod: request.method,
    headers,
    multiValueHeaders,
    queryStringParameters: values === null ? null : lastValues(values),
    multiValueQueryStringParameters: values,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      resourceId: context.resourceId,
      resourcePath: context.resource,
      httpMethod: request.method,
      extendedRequestId: context.extendedRequestId,
      requestTime: requestTime(context.receivedUs),
      path,
      accountId: context.accountId,
      protocol: 'HTTP/1.1',
      stage: context.stage,
      domainPrefix: context.apiId,
      requestTimeEpoch: Math.floor(context.receivedUs / 1000),
      requestId: context.requestId,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        cognitoIdentityId: null,
        caller: null,
        sourceIp,
        principalOrgId: null,
        accessKey: null,
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: null,
        userAgent: headerOf(request, 'user-agent') ?? null,
        user: null,
      },
      domainName: request.headers.host,
      apiId: context.apiId,
    },
    body: body.length === 0 ? null : body.toString('utf8'),
    isBase64Encoded: false,
  });
}

const OWN = new Set([
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
  'connection',
  'content-length',
]);

function lastValues(values: Record<string, string[]>): Record<string, string> {
  const last: Record<string, string> = Object.create(null);
  for (const name of Object.keys(values)) last[name] = values[name]?.at(-1) ?? '';
  return last;
}
