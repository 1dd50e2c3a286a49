import type { IncomingMessage } from 'node:http';
import {
  clientIp,
  forwardedFor,
  headerOf,
  queryValues,
  requestTime,
  splitUrl,
} from './request-parts.ts';

/** The front an event comes from. */
export interface EventSource {
  accountId: string;
  /** Also its domain prefix. */
  apiId: string;
  stage: string;
}

export interface Arrival {
  requestId: string;
  traceHeader: string;
  receivedUs: number;
  port: number;
}

const TEXT = /^(text\/|application\/(json|javascript|xml|xhtml\+xml|graphql)|[^;]*\+(json|xml))/i;

/**
 * The event of payload format 2.0, which function URLs and HTTP APIs send: lower-case header names,
 * several values joined by commas, cookies apart. Bodies that are not text by their content type come
 * as base64.
 */
export function format2Event(
  request: IncomingMessage,
  body: Buffer,
  source: EventSource,
  arrival: Arrival,
): string {
  const { path, query } = splitUrl(request.url as string);
  const headers: Record<string, string> = {};
  const received = request.headers;
  for (const name of Object.keys(received)) {
    if (name === 'cookie' || name === 'connection') continue;
    const value = received[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  headers['x-amzn-trace-id'] = arrival.traceHeader;
  headers['x-forwarded-for'] = forwardedFor(request);
  headers['x-forwarded-port'] = String(arrival.port);
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
      accountId: source.accountId,
      apiId: source.apiId,
      domainName: received.host,
      domainPrefix: source.apiId,
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: clientIp(request),
        userAgent: headerOf(request, 'user-agent') ?? '',
      },
      requestId: arrival.requestId,
      routeKey: '$default',
      stage: source.stage,
      time: requestTime(arrival.receivedUs),
      timeEpoch: Math.floor(arrival.receivedUs / 1000),
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
