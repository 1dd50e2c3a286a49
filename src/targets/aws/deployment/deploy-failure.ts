import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DeploymentSpec } from '../../../../deploy/stacks/spec.ts';
import { explained } from '../../../aws/explain.ts';
import { ToolError, UsageError } from '../../../base/errors.ts';
import { type Cause, firstCause } from './first-cause.ts';
import type { CdkFailure } from './run-cdk.ts';

/** Lambda's CreateFunction, where the account allows less: `… less than or equal to 3008`. */
const MEMORY_CAP = /memorysize\W.*?less than or equal to (\d+)/i;

/** The failure of a deploy, told by the resource that failed first; by the CDK where none did. */
export async function deployFailure(
  failure: CdkFailure,
  client: CloudFormationClient,
  { stacks }: DeploymentSpec,
  signal: AbortSignal,
): Promise<unknown> {
  for (const { name, functions } of stacks) {
    const cause = await firstCause(client, name, signal).catch(() => null);
    if (cause === null) continue;
    const cap = MEMORY_CAP.exec(cause.reason)?.[1];
    if (cap !== undefined) {
      const above = [...new Set(functions.map(({ memoryMb }) => memoryMb))]
        .filter((memoryMb) => memoryMb > Number(cap))
        .join(', ');
      return new UsageError(
        `--memory: this account allows functions of at most ${cap} MB, and ${above} was asked for: choose ${cap} or less, or ask AWS Support for more`,
      );
    }
    return new ToolError(`the stack ${name} could not be made: ${words(cause)}`);
  }
  // Before CloudFormation began: what the CDK, or AWS to the CDK, has said.
  const { message, cause } = failure;
  const said = Object.assign(new Error(message), { name: String(cause), $metadata: {} });
  return explained(said, 'deploy with the CDK');
}

function words({ type, logicalId, physicalId, reason }: Cause): string {
  return `${type} ${physicalId ?? logicalId}: ${reason}`;
}
