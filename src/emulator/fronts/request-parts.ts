import type { IncomingMessage } from 'node:http';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let formattedSecond = -1;
let formatted = '';

/** `20/Nov/2026:21:30:05 +0000`, as in access logs. */
export function requestTime(nowUs: number): string {
  const second = Math.floor(nowUs / 1e6);
  if (second !== formattedSecond) {
    const at = new Date(second * 1000);
    const day = String(at.getUTCDate()).padStart(2, '0');
    const time = at.toISOString().slice(11, 19);
    formatted = `${day}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${time} +0000`;
    formattedSecond = second;
  }
  return formatted;
}

export interface SplitUrl {
  /** As sent, percent-encoded. */
  path: string;
  /** Without `?`; empty where there is none. */
  query: string;
}

const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/**
 * Of a request's target, also where it is an absolute URL, as clients send it to a proxy and servers
 * have to take it (RFC 9112, 3.2.2).
 */
export function splitUrl(target: string): SplitUrl {
  let url = target;
  if (!url.startsWith('/')) {
    url = url.replace(ABSOLUTE, '');
    if (!url.startsWith('/')) url = `/${url}`;
  }
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: '' }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** Every value of each parameter, decoded, in order; null where there is no query. */
export function queryValues(query: string): Record<string, string[]> | null {
  if (query === '') return null;
  // No prototype: a parameter may be called `__proto__`.
  const values: Record<string, string[]> = Object.create(null);
  let some = false;
  for (const [name, value] of new URLSearchParams(query)) {
    some = true;
    const all = values[name];
    if (all === undefined) values[name] = [value];
    else all.push(value);
  }
  return some ? values : null;
}

export function clientIp(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '127.0.0.1';
}

/** `X-Forwarded-For` with this hop's address. */
export function forwardedFor(request: IncomingMessage): string {
  const before = request.headers['x-forwarded-for'];
  const address = clientIp(request);
  return before === undefined ? address : `${[before].flat().join(', ')}, ${address}`;
}

/** The first value where a header was sent more than once. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
