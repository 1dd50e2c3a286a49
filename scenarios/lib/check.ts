export type Outcome = 'ok' | 'graphql_error' | 'wrong_answer' | 'http_error' | 'network_error';

export interface Verdict {
  outcome: Outcome;
  /** What went wrong, for people; empty where all is well. */
  error: string;
}

export interface Answer {
  /** 0 where there was none. */
  status: number;
  body: string;
  /** k6's own words where there was no answer. */
  error: string;
  /** How the function failed, where Lambda's Invoke says so beside a status of 200. */
  functionError?: string | undefined;
}

const DATA = '{"data":';
const OK: Verdict = { outcome: 'ok', error: '' };

/**
 * Judges an answer. `digest` is the SHA-256 in hex of `JSON.stringify(data)`, empty where the answer
 * is not checked. The text of the data is hashed as it came; only where that is not it (spaces,
 * extensions, errors) the answer is parsed, because parsing is the dearest thing a script can do.
 */
export function judge(answer: Answer, digest: string, sha256: (text: string) => string): Verdict {
  const { status, body, functionError } = answer;
  if (status === 0) return { outcome: 'network_error', error: answer.error || 'no answer' };
  if (status < 200 || status > 299) {
    return { outcome: 'http_error', error: `status ${status}${messageIn(body)}` };
  }
  if (functionError !== undefined) {
    return { outcome: 'http_error', error: `function error${messageIn(body)}` };
  }
  if (digest !== '' && sha256(dataText(body)) === digest) return OK;
  return judgeParsed(body, status, digest, sha256);
}

/** What stands between `{"data":` and the last brace; empty where the answer is not just that. */
function dataText(body: string): string {
  const end = body.endsWith('\n') ? body.length - 2 : body.length - 1;
  const bare = body.startsWith(DATA) && body.charCodeAt(end) === 0x7d;
  return bare ? body.slice(DATA.length, end) : '';
}

function judgeParsed(
  body: string,
  status: number,
  digest: string,
  sha256: (text: string) => string,
): Verdict {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { outcome: 'http_error', error: `status ${status}, the answer is not JSON` };
  }
  if (typeof parsed !== 'object' || parsed === null || !('data' in parsed || 'errors' in parsed)) {
    return { outcome: 'http_error', error: `status ${status}, the answer is not GraphQL` };
  }
  const { data, errors } = parsed as { data?: unknown; errors?: unknown };
  if (errors !== undefined && errors !== null) {
    return { outcome: 'graphql_error', error: firstMessage(errors) };
  }
  if (digest === '' && data !== null) return OK;
  if (digest !== '' && sha256(JSON.stringify(data) ?? '') === digest) return OK;
  return { outcome: 'wrong_answer', error: differenceOf(data) };
}

/** In few words, so that failures of one kind have one reason: no values of the answer. */
function differenceOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return 'data is null';
  const fields = data as Record<string, unknown>;
  const empty = Object.keys(fields).filter((name) => fields[name] === null);
  return empty.length > 0 ? `${empty.join(', ')} is null` : 'other data than expected';
}

/** What an answer of failure says of itself, where it is JSON: `: Internal server error`. */
function messageIn(body: string): string {
  try {
    const parsed = JSON.parse(body) as Record<string, unknown> | null;
    if (parsed?.errors) return `: ${firstMessage(parsed.errors)}`;
    const message = parsed?.message ?? parsed?.Message ?? parsed?.errorMessage;
    return typeof message === 'string' ? `: ${message}` : '';
  } catch {
    return '';
  }
}

function firstMessage(errors: unknown): string {
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  const message = (first as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : (JSON.stringify(first) ?? 'no message');
}

/**
 * A text as k6's CSV can carry it in `k=v&k=v`: at most 200 characters, percent-encoded. Characters
 * beyond the basic plane become `?`, since cutting one in half cannot be encoded.
 */
export function carried(text: string): string {
  return encodeURIComponent(text.slice(0, 200).replace(/[\ud800-\udfff]/g, '?'));
}
