import {
  type AnswerHeaders,
  addHeaders,
  addMultiValueHeaders,
  cookiesOf,
  HeaderList,
  type HeaderRules,
  isObject,
} from './answer-headers.ts';

/** An HTTP answer as a function's result describes it, `body` decoded. */
export interface ProxyResult {
  status: number;
  headers: AnswerHeaders;
  cookies: string[];
  body: Buffer;
}

/** Why a result is no answer: what the caller then sees is the front's. */
export type ResultProblem = 'malformed_result' | 'undecodable_body';

/** All a REST API knows; it refuses a result with anything else. `base64Encoded` is an old name. */
const FIELDS_1_0 = new Set([
  'base64Encoded',
  'body',
  'headers',
  'isBase64Encoded',
  'multiValueHeaders',
  'statusCode',
]);

/**
 * Reads the result of a REST API's function (format 1.0): an object of the fields above, none of which
 * must be there, but one; statusCode a number or digits, body a string.
 * Recorded of the service: localstack, test_aws_proxy_response_payload_format_validation.
 * @param bytes whether the answer is binary: else a base64 body goes out as it is
 */
export function parseRestResult(payload: Buffer, bytes: boolean): ProxyResult | ResultProblem {
  const result = parsed(payload);
  if (!isObject(result)) return 'malformed_result';
  const fields = Object.keys(result);
  if (fields.length === 0 || fields.some((field) => !FIELDS_1_0.has(field))) {
    return 'malformed_result';
  }
  const headers = new HeaderList('remap');
  const status = result.statusCode === undefined ? 200 : statusOf(result.statusCode);
  if (
    status === null ||
    !addHeaders(headers, result.headers) ||
    !addMultiValueHeaders(headers, result.multiValueHeaders)
  ) {
    return 'malformed_result';
  }
  const body = bodyOf(result.body, bytes && result.isBase64Encoded === true);
  return typeof body === 'string' ? body : answerOf(status, headers, [], body);
}

/**
 * Reads a result of format 2.0 (HTTP API, function URL): an object with statusCode, headers, cookies
 * and body, other fields are ignored; any JSON without a statusCode is the body of a 200. Recorded of
 * the service for function URLs: localstack, test_lambda_url_invocation.
 */
export function parseFormat2Result(
  payload: Buffer,
  rules: HeaderRules,
): ProxyResult | ResultProblem {
  const result = parsed(payload);
  if (result === undefined) return 'malformed_result';
  if (!isObject(result) || result.statusCode === undefined) return inferred(result, payload);
  const headers = new HeaderList(rules);
  const status = statusOf(result.statusCode);
  const cookies = cookiesOf(result.cookies);
  if (status === null || cookies === null || !addHeaders(headers, result.headers)) {
    return 'malformed_result';
  }
  const body = bodyOf(result.body, result.isBase64Encoded === true);
  return typeof body === 'string' ? body : answerOf(status, headers, cookies, body);
}

/** A status an answer can have: 200 to 599, since 1xx cannot end a request. */
export function statusOf(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
    ? status
    : null;
}

/** undefined where it is no JSON. */
function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

function answerOf(
  status: number,
  headers: HeaderList,
  cookies: string[],
  body: Buffer,
): ProxyResult {
  if (!headers.has('content-type')) headers.set('Content-Type', 'application/json');
  return { status, headers: headers.all(), cookies, body };
}

function inferred(result: unknown, payload: Buffer): ProxyResult {
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    cookies: [],
    // A string stands for itself, anything else for its JSON.
    body: typeof result === 'string' ? Buffer.from(result) : payload,
  };
}

const NOT_BASE64 = /[^A-Za-z0-9+/=_\r\n-]/;

function bodyOf(value: unknown, base64: boolean): Buffer | ResultProblem {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value !== 'string') return 'malformed_result';
  if (!base64) return Buffer.from(value, 'utf8');
  // Buffer.from skips what is no base64.
  return NOT_BASE64.test(value) ? 'undecodable_body' : Buffer.from(value, 'base64');
}
