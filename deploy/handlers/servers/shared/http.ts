import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';

/** What a handler is invoked with: a REST API's proxy event (1.0), or an HTTP API's or function URL's (2.0). */
export type HttpEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

export interface HttpRequest {
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Without the question mark. */
  search: string;
  /** Decoded; empty where there is none. */
  body: string;
}

/** The answer both kinds of events take. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export function httpRequest(event: HttpEvent): HttpRequest {
  const { body } = event;
  return {
    ...('httpMethod' in event
      ? { method: event.httpMethod, search: searchOf(event.multiValueQueryStringParameters) }
      : { method: event.requestContext.http.method, search: event.rawQueryString }),
    headers: inLowerCase(event.headers),
    body: event.isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? ''),
  };
}

/** A REST API hands over the parameters decoded. */
function searchOf(parameters: APIGatewayProxyEvent['multiValueQueryStringParameters']): string {
  if (!parameters) return '';
  const search = new URLSearchParams();
  for (const name of Object.keys(parameters)) {
    for (const value of parameters[name] ?? []) search.append(name, value);
  }
  return search.toString();
}

function inLowerCase(headers: HttpEvent['headers'] | null): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const name in headers) lower[name.toLowerCase()] = headers[name] ?? '';
  return lower;
}
