import { errnoOf, messageOf } from '../base/errors.ts';
import { DENIED, EXPIRED, THROTTLED, UNKNOWN_KEYS, WRONG_SIGNATURE } from './error-names.ts';

/**
 * What a failed call means: `throttled`: the same, slower; `expired`: not with these credentials any
 * more; `denied`: not with these rights, or none were found; `unreachable`: nobody answers; `passing`:
 * the same, later.
 */
export type CallFailure = 'throttled' | 'expired' | 'denied' | 'unreachable' | 'passing';

const NAMES: ReadonlyMap<string, CallFailure> = new Map([
  ...THROTTLED.map((name) => [name, 'throttled'] as const),
  ...EXPIRED.map((name) => [name, 'expired'] as const),
  ...[...DENIED, ...UNKNOWN_KEYS, ...WRONG_SIGNATURE].map((name) => [name, 'denied'] as const),
  // The SDK's own, and that of the services that know no AccessDenied.
  ['CredentialsProviderError', 'denied'],
  ['UnauthorizedException', 'denied'],
]);

export function callFailure(error: unknown): CallFailure {
  if (typeof error !== 'object' || error === null) return 'passing';
  const { name, code, $metadata } = error as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const known = NAMES.get(name ?? '');
  if (known !== undefined) return known;
  if ($metadata?.httpStatusCode === 429) return 'throttled';
  if (['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code ?? '')) {
    return 'unreachable';
  }
  return 'passing';
}

/**
 * In one line; services answer some faults with nothing but a name, and a refused connection to a name
 * of several addresses has nothing but a code.
 */
export function callFailureText(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  const message = messageOf(error)
    .replace(/\s+/g, ' ')
    // What the SDK adds for those who write programs.
    .replace(/ Deserialization error: to see the raw response.*/, '')
    .trim();
  if (message === '' || message === 'UnknownError') {
    return errnoOf(error) ?? (name || 'for no reason given');
  }
  return name === '' || name === 'Error' || message.includes(name)
    ? message
    : `${name}: ${message}`;
}
