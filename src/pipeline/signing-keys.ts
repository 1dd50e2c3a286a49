import { credentialsOf } from '../aws/credentials.ts';
import { messageOf, ToolError } from '../base/errors.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import {
  type AwsCredentials,
  type LoadProfile,
  profileLengthS,
  requestsPerIteration,
} from '../model/scenario.ts';

/** After the last request: what is still signed, and how far clocks may differ. */
const MARGIN_S = 60;
/** What a forced cold start takes on AWS with its wait, and each request after it: more than is usual. */
const RENEWAL_S = 30;
const WARM_REQUEST_S = 1;

/**
 * The keys an endpoint's requests are signed with, as they are now. Throws ToolError where there are
 * none, without what a provider's own command said beside its first line.
 */
export async function keysOf(endpoint: ProvisionedEndpoint): Promise<AwsCredentials> {
  if (endpoint.aws === null) throw new Error(`whose keys sign for ${endpoint.url} is not known`);
  return credentialsOf(endpoint.aws).catch((error: unknown) => {
    const [why] = messageOf(error).split('\n');
    throw new ToolError(`requests are to be signed, and there are no AWS credentials: ${why}`);
  });
}

/**
 * The keys a trial's requests are signed with; null where they are not signed. Throws ToolError where
 * they would expire before the trial ends: the rest of it would be refused, and measured as failures.
 */
export async function signingKeys(
  endpoint: ProvisionedEndpoint,
  profile: LoadProfile,
  requestTimeoutS: number,
): Promise<AwsCredentials | null> {
  if (endpoint.signing === null) return null;
  const keys = await keysOf(endpoint);
  if (keys.expiresAtMs === null) return keys;
  const leftS = (keys.expiresAtMs - Date.now()) / 1000;
  const neededS = scheduleS(profile) + requestTimeoutS + MARGIN_S;
  if (leftS >= neededS) return keys;
  const left = leftS > 0 ? `expire in ${Math.floor(leftS)} s` : 'have expired';
  throw new ToolError(
    `the AWS credentials ${left} and this trial takes up to ${Math.ceil(neededS)} s: renew them, or take a role with longer sessions`,
  );
}

/** Throws ToolError where keys expired before a load ended: what came after was refused. */
export function checkUnexpired(keys: AwsCredentials | null, endedUs: number): void {
  if (keys === null || keys.expiresAtMs === null || keys.expiresAtMs * 1000 >= endedUs) return;
  const lateS = Math.ceil(endedUs / 1e6 - keys.expiresAtMs / 1000);
  throw new ToolError(
    `the AWS credentials expired ${lateS} s before the load ended, so that its last requests were refused: renew them, or take a role with longer sessions`,
  );
}

/** Of forced cold starts an upper estimate; `checkUnexpired` sees those that take longer. */
function scheduleS(profile: LoadProfile): number {
  switch (profile.kind) {
    case 'cold':
      return profile.coldStarts * (RENEWAL_S + requestsPerIteration(profile) * WARM_REQUEST_S);
    case 'closed':
      return profileLengthS(profile) + profile.thinkTimeS;
    default:
      return profileLengthS(profile);
  }
}
