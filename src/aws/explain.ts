import { errnoOf, isExpected, messageOf, ToolError, UsageError } from '../base/errors.ts';
import {
  DENIED,
  EXPIRED,
  NOT_ENABLED,
  THROTTLED,
  UNKNOWN_KEYS,
  WRONG_CLOCK,
  WRONG_SIGNATURE,
} from './error-names.ts';

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EAI_AGAIN: 'the name could not be looked up: is there a network?',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it does not answer',
  EPIPE: 'the connection was cut',
};

/**
 * What an SDK threw, as one sentence: UsageError where the user can mend it (credentials, rights,
 * region), else ToolError. What is no error of the SDK or the network is a defect and comes back as it
 * is, and so do errors that are ours already. No secret is in it: see `quoted`.
 * @param doing what failed, after "cannot": `read the Lambda quotas of the account`
 */
export function explained(error: unknown, doing: string): unknown {
  if (isExpected(error)) return error;
  const name = error instanceof Error ? error.name : '';
  const message = messageOf(error);
  const mend = (what: string) => new UsageError(`cannot ${doing}: ${what}`);
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return mend(withoutCredentials(message));
  }
  if (message === 'Region is missing') return mend('no region is chosen; say one with --region');
  if (message.startsWith('Region not accepted')) return mend('--region: that is no AWS region');
  const errno = errnoOf(error);
  if (errno === 'ENOTFOUND') {
    const host = /ENOTFOUND ([\w.-]+)/.exec(message)?.[1] ?? 'the address';
    return mend(
      `${host} does not exist; check --region (and AWS_ENDPOINT_URL), or that there is a network`,
    );
  }
  const unreachable = UNREACHABLE[errno ?? ''];
  if (unreachable !== undefined) return new ToolError(`cannot ${doing}: ${unreachable} (${errno})`);
  if (name === 'TimeoutError') return new ToolError(`cannot ${doing}: AWS does not answer in time`);
  if (!fromService(error)) return error;
  if (EXPIRED.includes(name)) {
    return mend('the AWS credentials have expired; log in again (aws sso login) or get new keys');
  }
  if (WRONG_CLOCK.includes(name) || /Signature (expired|not yet current)/.test(message)) {
    return mend("AWS refuses the time of the request; set this machine's clock");
  }
  if (UNKNOWN_KEYS.includes(name)) {
    return mend(
      'AWS does not know these credentials; check AWS_PROFILE or AWS_ACCESS_KEY_ID (and that the account has enabled the region)',
    );
  }
  // Its message holds what was signed, the session token included.
  if (WRONG_SIGNATURE.includes(name)) {
    return mend('the secret key does not fit the access key; check AWS_SECRET_ACCESS_KEY');
  }
  if (NOT_ENABLED.includes(name)) return mend('the account has not enabled this service or region');
  if (DENIED.includes(name) || error.$metadata.httpStatusCode === 403) {
    return mend(withoutRights(message));
  }
  if (THROTTLED.includes(name) || error.$metadata.httpStatusCode === 429) {
    const attempts = error.$metadata.attempts ?? 1;
    return new ToolError(
      `cannot ${doing}: AWS throttles it, after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}; try again later (${name})`,
    );
  }
  return new ToolError(`cannot ${doing}: ${quoted(message)} (${name})`);
}

/** An error the service answered with. */
export function fromService(error: unknown): error is ServiceAnswer {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  return typeof error.$metadata === 'object' && error.$metadata !== null;
}
type ServiceAnswer = Error & { $metadata: { httpStatusCode?: number; attempts?: number } };

/** Whether the service answered with this error: `ResourceNotFoundException`. */
export function isServiceError(error: unknown, ...names: readonly string[]): boolean {
  return fromService(error) && names.includes(error.name);
}

function withoutCredentials(message: string): string {
  const how =
    'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (aws sso login)';
  return message.startsWith('Could not load credentials from any providers')
    ? `there are no AWS credentials; ${how}`
    : `the AWS credentials cannot be had: ${quoted(message)}; ${how}`;
}

/** IAM names the action in most of its refusals, as `is not authorized to perform: lambda:Invoke on …`. */
function withoutRights(message: string): string {
  const action = /not authorized to perform:? ([a-z0-9-]+:\w+)/.exec(message)?.[1];
  const why = /explicit deny[^.]*/.exec(message)?.[0];
  return action === undefined
    ? `these credentials have no right to it (${quoted(message)}); "bench policy" prints the rights that are needed`
    : `these credentials have no right to ${action}${why === undefined ? '' : ` (${quoted(why)})`}; "bench policy" prints the rights that are needed`;
}

const LONGEST = 300;

/** Of a message of AWS's: its first lines, without what looks like a token and without braces' contents. */
function quoted(message: string): string {
  const plain = message
    .replace(/\{.*\}?/s, '{…}')
    .replace(/[\w+/=-]{80,}/g, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
