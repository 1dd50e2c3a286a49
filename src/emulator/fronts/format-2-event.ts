import type { IncomingMessage } from 'node:http';
import { isTextType } from './media-types.ts';
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
  /** null where the stage has none. */
  stageVariables: Readonly<Record<string, string>> | null;
  /** Whether rawPath comes decoded; that of the request's context always does. */
  decodesPath: boolean;
  /** Whether `cookie` is among the headers, too. */
  keepsCookieHeader: boolean;
}

export interface Arrival {
  requestId: string;
  traceHeader: string;
  receivedUs: number;
  port: number;
}

/** As it is sent; a field that may be missing is where there is nothing. */
export interface Format2Event {
  version: string;
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  cookies?: string[];
  headers: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  requestContext: {
    accountId: string;
    apiId: string;
    domainName: string;
    domainPrefix: string;
    http: {
      method: string;
      path: string;
      protocol: string;
      sourceIp: string;
      userAgent: string;
    };
    requestId: string;
    routeKey: string;
    stage: string;
    time: string;
    timeEpoch: number;
  };
  stageVariables?: Readonly<Record<string, string>>;
  body?: string;
  isBase64Encoded: boolean;
}

/**
 * The event of payload format 2.0, which function URLs and HTTP APIs send: lower-case header names,
 * several values joined by commas, cookies apart. In what the two differ was recorded of the service:
 * hotsock/voker, vokerhttp/testdata.
 */
export function format2Event(
  request: IncomingMessage,
  body: Buffer,
  source: EventSource,
  arrival: Arrival,
): string {
  const { path, query } = splitUrl(request.url as string);
  const decoded = decodedPath(path);
  const { headers, cookies } = eventHeaders(request, source, arrival);
  const values = queryValues(query);
  const isText = isTextType(headers['content-type']);
  const event: Format2Event = {
    version: '2.0',
    routeKey: '$default',
    // The service cuts a decoded path at a question mark (middleapi/standard-server#93).
    rawPath: source.decodesPath ? (decoded.split('?', 1)[0] as string) : path,
    rawQueryString: query,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(values === null ? {} : { queryStringParameters: joined(values) }),
    requestContext: {
      accountId: source.accountId,
      apiId: source.apiId,
      domainName: request.headers.host as string,
      domainPrefix: source.apiId,
      http: {
        method: request.method as string,
        path: decoded,
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
    ...(source.stageVariables === null ? {} : { stageVariables: source.stageVariables }),
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
  return JSON.stringify(event);
}

function eventHeaders(
  request: IncomingMessage,
  source: EventSource,
  arrival: Arrival,
): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = Object.create(null);
  const cookies: string[] = [];
  // Not request.headers: Node keeps only one value of some.
  const { rawHeaders } = request;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    const value = rawHeaders[i + 1] as string;
    if (name === 'connection') continue;
    if (name === 'cookie') {
      for (const cookie of value.split(';')) {
        if (cookie.trim() !== '') cookies.push(cookie.trim());
      }
      if (!source.keepsCookieHeader) continue;
    }
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before},${value}`;
  }
  headers['x-amzn-trace-id'] = arrival.traceHeader;
  headers['x-forwarded-for'] = forwardedFor(request);
  headers['x-forwarded-port'] = String(arrival.port);
  headers['x-forwarded-proto'] = 'http';
  return { headers, cookies };
}

/** As sent where it is not percent-encoded UTF-8. */
function decodedPath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function joined(values: Record<string, string[]>): Record<string, string> {
  const all: Record<string, string> = Object.create(null);
  for (const name of Object.keys(values)) all[name] = values[name]?.join(',') ?? '';
  return all;
}
