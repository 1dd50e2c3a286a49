import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { LoadOperation } from '../model/scenario.ts';
import type { GraphqlAnswer } from './ask.ts';
import { refusalHint, type Sent, withoutCanonicalRequest } from './refusals.ts';

/** Characters shown of an answer that is not GraphQL. */
const EXCERPT_LENGTH = 200;
/** GraphQL errors shown of one answer. */
const ERRORS_SHOWN = 3;

/**
 * What is wrong with the answer to an operation's first row, in one sentence with the endpoint's own
 * words; null where it is right. `sent`: how it was asked for, for what to do where it was refused.
 */
export function answerProblem(
  { status, body }: GraphqlAnswer,
  operation: LoadOperation,
  digest: string | null,
  sent: Sent = { signing: null },
): string | null {
  const parsed = parsedObject(body);
  const errors = parsed?.errors;
  const says = Array.isArray(errors)
    ? errorsText(errors, operation)
    : (messageIn(parsed) ?? excerpt(body));
  if (status < 200 || status > 299)
    return `answers ${status}: ${says}${hintOf(status, body, sent)}`;
  if (parsed === null || !('data' in parsed || 'errors' in parsed)) {
    return `answers ${kindOf(body, parsed)}, not GraphQL: ${excerpt(body)}`;
  }
  if (errors !== undefined && errors !== null) {
    return `answers with errors: ${says}${hintOf(status, body, sent)}`;
  }
  if (digest === null) {
    return parsed.data === null ? 'answers with no data (null) and no errors' : null;
  }
  if (digestOf(parsed.data) === digest) return null;
  const { expected } = operation.origin ?? {};
  const difference = expected === undefined ? null : differenceOf(expected, parsed.data, 'data');
  return `answers otherwise than expected: ${difference ?? excerpt(body)}`;
}

function hintOf(status: number, body: string, sent: Sent): string {
  const hint = refusalHint(status, body, sent);
  return hint === null ? '' : ` (${hint})`;
}

function parsedObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What fronts and runtimes say of a failure: `{message}`, `{Message}`, `{errorType, errorMessage}`. */
function messageIn(parsed: Record<string, unknown> | null): string | null {
  const message = parsed?.message ?? parsed?.Message ?? parsed?.errorMessage;
  if (typeof message !== 'string') return null;
  const type = parsed?.errorType;
  // The id differs in each request; the rest is the same problem.
  const words = withoutCanonicalRequest(message).replace(/^RequestId: \S+ (Error: )?/, '');
  return excerpt(typeof type === 'string' ? `${type}: ${words}` : words);
}

function kindOf(body: string, parsed: Record<string, unknown> | null): string {
  if (body.trim() === '') return 'nothing';
  if (parsed !== null) return 'JSON without data and errors';
  return /^\s*</.test(body) ? 'HTML' : 'text';
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return '(an empty body)';
  return line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line;
}

function errorsText(errors: readonly unknown[], operation: LoadOperation): string {
  const texts = errors.map((error) => {
    if (!isObject(error)) return excerpt(JSON.stringify(error));
    const message = typeof error.message === 'string' ? excerpt(error.message) : 'no message';
    const path = Array.isArray(error.path) ? ` at ${error.path.join('.')}` : '';
    return `${message}${path}${placeOf(error.locations, operation)}`;
  });
  const more = texts.length > ERRORS_SHOWN ? `; and ${texts.length - ERRORS_SHOWN} more` : '';
  return `${texts.slice(0, ERRORS_SHOWN).join('; ')}${more}`;
}

/** A line of the document that was sent, as the place in the user's file it is from. */
function placeOf(locations: unknown, { origin }: LoadOperation): string {
  const first: unknown = Array.isArray(locations) ? locations[0] : undefined;
  if (origin === undefined || !isObject(first) || typeof first.line !== 'number') return '';
  const { line } = first;
  const pieces = [{ atLine: 1, file: origin.file, line: origin.line }, ...origin.fragments];
  const piece = pieces.findLast(({ atLine }) => atLine <= line);
  return piece === undefined ? '' : ` (${piece.file}:${piece.line + line - piece.atLine})`;
}

function digestOf(data: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(data) ?? '')
    .digest('hex');
}

/** The first path at which two values differ, with both; null where only the keys' order does. */
export function differenceOf(expected: unknown, found: unknown, path: string): string | null {
  if (isDeepStrictEqual(expected, found)) return null;
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length) {
      return `${path} has ${found.length} entries, expected ${expected.length}`;
    }
    return firstOf(expected.keys(), (index) =>
      differenceOf(expected[index], found[index], `${path}.${index}`),
    );
  }
  if (isObject(expected) && isObject(found)) {
    return firstOf(new Set([...Object.keys(expected), ...Object.keys(found)]), (key) =>
      differenceOf(expected[key], found[key], `${path}.${key}`),
    );
  }
  return `${path} is ${shown(found)}, expected ${shown(expected)}`;
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : excerpt(JSON.stringify(value));
}
