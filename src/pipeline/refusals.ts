import type { Signing } from '../model/scenario.ts';

/** How a request was sent that was refused. */
export interface Sent {
  /** What it was signed for; null: it was not. */
  signing: Signing | null;
}

const SIGN = "the endpoint asks for IAM: let requests be signed (auth: 'sigv4' of the endpoint)";

/**
 * AWS's own words for requests it refuses, and what to do. Sources: IAM User Guide, "Troubleshoot
 * Signature Version 4 for AWS API requests"; re:Post, "How do I troubleshoot signature mismatch errors
 * … to API Gateway?"; Lambda Developer Guide, "Control access to Lambda function URLs".
 */
const REFUSALS: readonly [RegExp, (sent: Sent, found: RegExpExecArray) => string][] = [
  [
    /Missing Authentication Token/i,
    ({ signing }) =>
      signing === null
        ? `${SIGN}, or the API has no such stage and path`
        : 'the API has no such stage and path: check the address',
  ],
  [
    /signature we calculated does not match/i,
    () =>
      'the secret key is not that of the access key, or a proxy changed the request: check the AWS credentials',
  ],
  [
    /security token .*(is )?expired|ExpiredToken/i,
    () => 'the AWS credentials have expired: renew them, for instance with "aws sso login"',
  ],
  [
    /security token .*invalid|UnrecognizedClient|InvalidClientTokenId/i,
    () =>
      'AWS does not know this access key with this session token: check the AWS credentials and their partition',
  ],
  [
    /Signature expired|Signature not yet current|is now (earlier|later) than/i,
    () => 'the clock of this machine is wrong: set it',
  ],
  [
    /Credential should be scoped/i,
    ({ signing }) =>
      signing === null
        ? 'check the region'
        : `requests are signed for ${signing.service} in ${signing.region}: check the region of the endpoint`,
  ],
  [
    /not authorized to perform:? ([\w-]+:\w+)/i,
    (_, [, action]) =>
      `the AWS identity lacks the right ${action}: "bench policy run" prints all that a run needs`,
  ],
  [
    /Function URL authorization/i,
    ({ signing }) =>
      signing === null
        ? SIGN
        : 'the AWS identity lacks the rights lambda:InvokeFunctionUrl and lambda:InvokeFunction on the function, or its keys are wrong: "bench policy run" prints what a run needs',
  ],
];

/** What to do about an answer that refuses the caller; null where it refuses for another reason. */
export function refusalHint(status: number, body: string, sent: Sent): string | null {
  if (status >= 400 && status <= 499) {
    for (const [pattern, hint] of REFUSALS) {
      const found = pattern.exec(body);
      if (found !== null) return hint(sent, found);
    }
  }
  const refused =
    status === 401 || status === 403 || /"code":\s*"(UNAUTHENTICATED|FORBIDDEN)"/.test(body);
  if (!refused) return null;
  return sent.signing === null
    ? 'is a header missing or wrong? --header'
    : 'may the AWS identity call it? "bench policy run" prints what a run needs';
}

/** Where a refusal quotes the request that should have been signed, the session token stands in it. */
export function withoutCanonicalRequest(message: string): string {
  return message.replace(/\s*The Canonical String for this request should have been[\s\S]*/, '');
}
