import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Outcome } from './outcomes.ts';
import type { ProxyResult } from './proxy-result.ts';

/** What goes to the caller: a function's answer, or what stands for its absence. */
export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

export function ofResult(result: ProxyResult): Answer {
  const headers: OutgoingHttpHeaders = Object.create(null);
  for (const [name, value] of result.headers) headers[name] = value;
  if (result.cookies.length > 0) {
    const name = result.headers.find(([each]) => each.toLowerCase() === 'set-cookie')?.[0];
    const before = name === undefined ? [] : [headers[name] as string | string[]].flat();
    headers[name ?? 'Set-Cookie'] = [...before, ...result.cookies];
  }
  return { status: result.status, headers, body: result.body };
}

export function ofOutcome(outcome: Outcome): Answer {
  const headers: OutgoingHttpHeaders = { 'Content-Type': 'application/json' };
  if (outcome.errorType !== null) headers['x-amzn-ErrorType'] = outcome.errorType;
  return { status: outcome.status, headers, body: Buffer.from(outcome.body) };
}

/** @param own headers of the front; they take the place of the function's of the same name */
export function sendAnswer(
  response: ServerResponse,
  { status, headers, body }: Answer,
  own: Record<string, string>,
): void {
  withOwn(headers, own);
  // 204 and 304 have no body, and nothing to say of its length (RFC 9110, 8.6).
  if (status === 204 || status === 304) {
    response.writeHead(status, headers).end();
    return;
  }
  headers['Content-Length'] = body.length;
  response.writeHead(status, headers).end(body);
}

/** Node sends both of two names that differ in case only. */
export function withOwn(headers: OutgoingHttpHeaders, own: Record<string, string>): void {
  for (const name of Object.keys(own)) {
    const lower = name.toLowerCase();
    for (const other of Object.keys(headers)) {
      if (other.toLowerCase() === lower) delete headers[other];
    }
    headers[name] = own[name] as string;
  }
}
