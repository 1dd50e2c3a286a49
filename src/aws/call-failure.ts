import { errnoOf, messageOf } from '../base/errors.ts';

/**
 * What a failed call means: `throttled`: the same, slower; `expired`: not with these credentials any
 * more; `denied`: not with these rights, or none were found; `unreachable`: nobody answers; `passing`:
 * the same, later.
 */
export type CallFailure = 'throttled' | 'expired' | 'denied' | 'unreachable' | 'passing';

const NAMES: Readonly<Record<string, CallFailure>> = {
  ThrottledException: 'throttled',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  RequestExpired: 'expired',
  TokenRefreshRequired: 'expired',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  UnauthorizedException: 'denied',
  UnrecognizedClientException: 'denied',
  InvalidClientTokenId: 'denied',
  InvalidSignatureException: 'denied',
  SignatureDoesNotMatch: 'denied',
  MissingAuthenticationTokenException: 'denied',
  CredentialsProviderError: 'denied',
};

export function callFailure(error: unknown): CallFailure {
  if (typeof error !== 'object' || error === null) return 'passing';
  const { name, code, $metadata } = error as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const known = NAMES[name ?? ''];
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
