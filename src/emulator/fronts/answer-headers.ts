import { validateHeaderName, validateHeaderValue } from 'node:http';

/** Of an answer, as they go out: a name keeps the case it was given in. */
export type AnswerHeaders = [name: string, value: string | string[]][];

/**
 * What a front does with a header that is its own to set. A REST API and a function URL hand most of
 * them on as `x-amzn-Remapped-<name>`; an HTTP API drops them. Sources: API Gateway Developer Guide,
 * "Important notes", table of headers, column lambda; that REST APIs really do it for
 * Content-Length is in many recorded answers, that function URLs do for WWW-Authenticate and
 * Content-Length is reported (cargo-lambda/cargo-lambda#862); the rest is inferred for them.
 */
export type HeaderRules = 'remap' | 'drop';

const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
  // Not in the table, seen in recorded answers.
  'x-amzn-requestid',
]);
const DROPPED_BESIDE_REMAPPED = new Set([
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);
/** What would break or belie the framing of the answer. */
const DROPPED = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers of one answer: several forms of a name are one. */
export class HeaderList {
  readonly #entries = new Map<string, [string, string | string[]]>();
  readonly #rules: HeaderRules;

  constructor(rules: HeaderRules) {
    this.#rules = rules;
  }

  /** @returns false where HTTP cannot carry it */
  set(name: string, value: string | string[]): boolean {
    const sent = this.#nameOf(name);
    if (sent === null) return true;
    try {
      validateHeaderName(name);
      if (typeof value === 'string') validateHeaderValue(name, value);
      else for (const text of value) validateHeaderValue(name, text);
    } catch {
      return false;
    }
    this.#entries.set(sent.toLowerCase(), [sent, value]);
    return true;
  }

  /**
   * Values before the single one that was set, if there is one; the same value does not come twice.
   * Recorded of the service: localstack, test_aws_proxy_response_payload_format_validation.
   */
  merge(name: string, values: string[]): boolean {
    const sent = this.#nameOf(name);
    if (sent === null) return true;
    const single = this.#entries.get(sent.toLowerCase())?.[1];
    return this.set(name, [
      ...new Set([...values, ...(single === undefined ? [] : [single].flat())]),
    ]);
  }

  has(lowerName: string): boolean {
    return this.#entries.has(lowerName);
  }

  all(): AnswerHeaders {
    return [...this.#entries.values()];
  }

  #nameOf(name: string): string | null {
    const lower = name.toLowerCase();
    if (this.#rules === 'drop') return DROPPED.has(lower) ? null : name;
    if (REMAPPED.has(lower)) return `x-amzn-Remapped-${name}`;
    return DROPPED_BESIDE_REMAPPED.has(lower) ? null : name;
  }
}

/** From the `headers` of a function's result. @returns false where they are malformed */
export function addHeaders(list: HeaderList, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) {
    const text = scalar(value[name]);
    if (text === null || !list.set(name, text)) return false;
  }
  return true;
}

/** From `multiValueHeaders`, after `headers`. @returns false where they are malformed */
export function addMultiValueHeaders(list: HeaderList, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) {
    const values = value[name];
    if (!Array.isArray(values)) return false;
    const texts = values.map(scalar);
    if (texts.includes(null) || !list.merge(name, texts as string[])) return false;
  }
  return true;
}

/** From `cookies`; null where they are malformed. */
export function cookiesOf(value: unknown): string[] | null {
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

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
