import { validateHeaderName, validateHeaderValue } from 'node:http';

/** An HTTP answer as a function's result describes it. Names in lower case, `body` decoded. */
export interface ProxyResult {
  status: number;
  headers: Map<string, string | string[]>;
  cookies: string[];
  body: Buffer;
}

/** Headers the fronts set themselves: a function's own are dropped. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads a proxy result. `1.0` (REST API): an object, statusCode a number or digits, body a
 * string or absent, headers and multiValueHeaders. `2.0` (HTTP API, function URL): the same with cookies
 * and without multiValueHeaders; JSON without a statusCode is the body of a 200.
 * @returns null where it is malformed: what the caller then sees is the front's.
 */
export function parseProxyResult(payload: Buffer, format: '1.0' | '2.0'): ProxyResult | null {
  const text = payload.toString('utf8');
  let result: unknown;
  try {
    result = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(result) || result.statusCode === undefined) {
    return format === '2.0' ? inferred(result, payload) : null;
  }
  const status = statusOf(result.statusCode);
  const body = bodyOf(result.body, result.isBase64Encoded === true);
  const headers = new Map<string, string | string[]>();
  const sound =
    status !== null &&
    body !== null &&
    addHeaders(headers, result.headers) &&
    (format === '2.0' || addMultiValueHeaders(headers, result.multiValueHeaders));
  if (!sound) return null;
  const cookies = format === '2.0' ? cookiesOf(result.cookies) : [];
  if (cookies === null) return null;
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return { status, headers, cookies, body };
}

function inferred(result: unknown, payload: Buffer): ProxyResult {
  // A string stands for itself, anything else for its JSON.
  const body = typeof result === 'string' ? Buffer.from(result) : payload;
  return {
    status: 200,
    headers: new Map([['content-type', 'application/json']]),
    cookies: [],
    body,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function statusOf(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  // 1xx cannot end a request.
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
    ? status
    : null;
}

function bodyOf(value: unknown, base64: boolean): Buffer | null {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value !== 'string') return null;
  return Buffer.from(value, base64 ? 'base64' : 'utf8');
}

function addHeaders(headers: Map<string, string | string[]>, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) {
    const text = scalar(value[name]);
    if (text === null || !add(headers, name, text)) return false;
  }
  return true;
}

function addMultiValueHeaders(headers: Map<string, string | string[]>, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) {
    const values = value[name];
    if (!Array.isArray(values)) return false;
    const texts = values.map(scalar);
    if (texts.includes(null)) return false;
    // Both forms of a header are merged; the same value is not sent twice.
    const single = headers.get(name.toLowerCase());
    const all = new Set([...(single === undefined ? [] : [single].flat()), ...(texts as string[])]);
    if (!add(headers, name, [...all])) return false;
  }
  return true;
}

function scalar(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return null;
  }
}

function add(
  headers: Map<string, string | string[]>,
  name: string,
  value: string | string[],
): boolean {
  const lower = name.toLowerCase();
  if (RESERVED.has(lower)) return true;
  try {
    validateHeaderName(lower);
    for (const text of [value].flat()) validateHeaderValue(lower, text);
  } catch {
    return false;
  }
  headers.set(lower, value);
  return true;
}

function cookiesOf(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((cookie) => typeof cookie !== 'string')) return null;
  const cookies = value as string[];
  try {
    for (const cookie of cookies) validateHeaderValue('set-cookie', cookie);
  } catch {
    return null;
  }
  return cookies;
}
