import type { IncomingMessage } from 'node:http';
import { forwardedFor } from './request-parts.ts';

export interface EventHeaders {
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
}

/** Names keep the case they were sent in, but for a few; of several values the last is the single one. */
export function restEventHeaders(
  request: IncomingMessage,
  context: { traceHeader: string; port: number },
): EventHeaders {
  const headers: Record<string, string> = Object.create(null);
  const multiValueHeaders: Record<string, string[]> = Object.create(null);
  const { rawHeaders } = request;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const sent = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    const name = NAMES.get(sent.toLowerCase()) ?? sent;
    if (name === DROPPED || (name === 'Authorization' && value.startsWith(SIGNATURE))) continue;
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
  return { headers, multiValueHeaders };
}

/** Of AWS's own signatures, which stay with the gateway. Source: "Important notes", the footnote. */
const SIGNATURE = 'AWS4-HMAC-SHA256';
const DROPPED = '';

/**
 * By lower-case name: what a function sees of a header under another name than it was sent by. Dropped
 * ones were recorded of the service (localstack, test_apigateway_header_remapping_aws), as were the
 * names that are always written the same (the sources of restEvent).
 */
const NAMES = new Map([
  ['authorization', 'Authorization'],
  ['host', 'Host'],
  ['user-agent', 'User-Agent'],
  // Set by the API itself.
  ['x-amzn-trace-id', DROPPED],
  ['x-forwarded-for', DROPPED],
  ['x-forwarded-port', DROPPED],
  ['x-forwarded-proto', DROPPED],
  ['connection', DROPPED],
  ['content-length', DROPPED],
  ['content-md5', DROPPED],
  ['expect', DROPPED],
  ['max-forwards', DROPPED],
  ['proxy-authenticate', DROPPED],
  ['server', DROPPED],
  ['te', DROPPED],
  ['trailer', DROPPED],
  ['transfer-encoding', DROPPED],
  ['upgrade', DROPPED],
  ['www-authenticate', DROPPED],
]);
