import { errnoOf, isExpected, messageOf, ToolError, UsageError } from '../../../base/errors.ts';

const DENIED = /AccessDenied|UnauthorizedOperation|AuthorizationError|not authorized/i;
const BAD_KEYS =
  /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|CredentialsProviderError|TokenRefreshRequired/i;

/**
 * What AWS's clients throw as one message: UsageError where rights or keys are to be mended, else
 * ToolError. An abort, expected errors and defects stay as they are.
 */
export function awsError(error: unknown, doing: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (!(error instanceof Error) || isExpected(error) || !isOfAws(error)) return error;
  return awsWords(saidBy(error), error.name, doing);
}

/** The same of what an error said, and of its name. */
export function awsWords(message: string, name: string, doing: string): UsageError | ToolError {
  const said = `cannot ${doing}: ${message}`;
  if (BAD_KEYS.test(`${name} ${message}`)) {
    return new UsageError(`${said}; set or renew the AWS credentials and try again`);
  }
  if (DENIED.test(`${name} ${message}`)) {
    return new UsageError(
      `${said}; the rights that are needed: bench policy deploy, bench policy destroy`,
    );
  }
  return new ToolError(said);
}

/** From the service, about the keys, or from the network. */
function isOfAws(error: Error): boolean {
  return (
    '$metadata' in error ||
    errnoOf(error) !== undefined ||
    /^(CredentialsProviderError|TokenProviderError|TimeoutError)$/.test(error.name)
  );
}

/** `AccessDenied: User … is not authorized …`, on one line. */
export function saidBy(error: unknown): string {
  // A refused connection has no message of its own where a name has several addresses.
  const words = messageOf(error) || errnoOf(error) || 'failed';
  const message = words.replaceAll(/\s+/g, ' ').trim();
  const name = error instanceof Error ? error.name : '';
  return name === '' || name === 'Error' || message.startsWith(name)
    ? message
    : `${name}: ${message}`;
}
