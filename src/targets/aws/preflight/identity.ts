import { stsClient } from '../../../aws/clients.ts';
import { explained } from '../../../aws/explain.ts';
import { ToolError, UsageError } from '../../../base/errors.ts';
import type { AwsAccess } from '../../../model/ports.ts';
import { isRegionName } from '../../../model/region-name.ts';

/** Who asks, as GetCallerIdentity tells it; every credential has the right to that question. */
export interface Identity {
  account: string;
  arn: string;
}

/**
 * Throws UsageError where there are no credentials, they have expired or are none of AWS's, or the
 * region is none.
 */
export async function callerIdentity(access: AwsAccess, signal: AbortSignal): Promise<Identity> {
  if (!isRegionName(access.region)) {
    throw new UsageError(`--region: "${access.region}" is no AWS region; write one as us-east-1`);
  }
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = await stsClient(access, 1);
  try {
    const { Account: account, Arn: arn } = await client.send(new GetCallerIdentityCommand({}), {
      abortSignal: signal,
    });
    if (account === undefined || arn === undefined) {
      throw new ToolError('AWS does not say whose the credentials are');
    }
    return { account, arn };
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, 'ask AWS whose these credentials are');
  } finally {
    client.destroy();
  }
}
