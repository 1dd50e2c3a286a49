import type { IncomingMessage } from 'node:http';
import {
  clientIp,
  forwardedFor,
  headerOf,
  queryValues,
  requestTime,
  splitUrl,
} from './request-parts.ts';

export interface UrlEventContext {
  /** The function URL's id; also its domain prefix. */
  urlId: string;
  requestId: string;
  traceHeader: string;
  receivedUs: number;
  port: number;
}

const TEXT = /^(text\/|application\/(json|javascript|xml|xhtml\+xml|graphql)|[^;]*\+(json|xml))/i;

/**
 * The event of a function URL (payload format 2.0): lower-case header names, several values joined by
 * commas, cookies apart. Bodies that are not text by their content type come as base64.
 */
export function urlEvent(request: IncomingMessage, body: Buffer, context: UrlEventContext): string {
  const { path, query } = splitUrl(request.url as string);
  const headers: Record<string, string> = {};
  const received = request.headers;
  for (const name of Object.keys(received)) {
    if (name === 'cookie' || name === 'connection') continue;
    const value = received[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  headers['x-amzn-trace-id'] = context.traceHeader;
  headers['x-forwarded-for'] = forwardedFor(request);
  headers['x-forwarded-port'] = String(context.port);
  headers['x-forwarded-proto'] = 'http';
  const { cookie } = received;
  const values = queryValues(query);
  const isText = TEXT.test(headers['content-type'] ?? '');
  return JSON.stringify({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers,
    ...(values === null ? {} : { queryStringParameters: joined(values) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: context.urlId,
      domainName: received.host,
      domainPrefix: context.urlId,
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: clientIp(request),
        userAgent: headerOf(request, 'user-agent') ?? '',
      },
      requestId: context.requestId,
      routeKey: '$default',
      stage: '$default',
      time: requestTime(context.receivedUs),
      timeEpoch: Math.floor(context.receivedUs / 1000),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  });
}

function joined(values: Record<string, string[]>): Record<string, string> {
  const all: Record<string, string> = Object.create(null);
  for (const name of Object.keys(values)) all[name] = values[name]?.join(',') ?? '';
  return all;
}
