import { callFailureText } from '../../../aws/call-failure.ts';
import { logsClient } from '../../../aws/clients.ts';
import { isServiceError } from '../../../aws/explain.ts';
import { type Leftover, namePrefix } from '../../../model/deployment.ts';
import type { AwsAccess } from '../../../model/ports.ts';
import { removalCommand } from './removal-command.ts';

const PARALLELISM = 4;
const TYPE = 'AWS::Logs::LogGroup';

/**
 * Removes log groups of a run's functions that no stack has any more: an environment's last lines may
 * make one anew after its stack is gone. Resolves with those that are left.
 */
export async function removeLogGroups(
  run: string,
  access: AwsAccess,
  signal: AbortSignal,
): Promise<Leftover[]> {
  const { DeleteLogGroupCommand, paginateDescribeLogGroups } = await import(
    '@aws-sdk/client-cloudwatch-logs'
  );
  const client = await logsClient(access, PARALLELISM);
  const prefix = `/aws/lambda/${namePrefix(run)}`;
  const left: Leftover[] = [];
  const { region } = access;
  const tell = (id: string, error: unknown, command: string) => {
    signal.throwIfAborted();
    left.push({ type: TYPE, id, reason: callFailureText(error), command });
  };
  try {
    for await (const { logGroups } of paginateDescribeLogGroups(
      { client },
      { logGroupNamePrefix: prefix },
      { abortSignal: signal },
    )) {
      for (const { logGroupName = '' } of logGroups ?? []) {
        await client
          .send(new DeleteLogGroupCommand({ logGroupName }), { abortSignal: signal })
          .catch((error) => {
            // Listed for a moment after it went with its stack.
            if (isServiceError(error, 'ResourceNotFoundException')) return;
            tell(logGroupName, error, removalCommand(TYPE, logGroupName, { stack: '', region }));
          });
      }
    }
  } catch (error) {
    tell(`${prefix}*`, error, removeAllCommand(prefix, region));
  } finally {
    client.destroy();
  }
  return left;
}

/** Where their names could not be had. */
function removeAllCommand(prefix: string, region: string): string {
  const list = `aws logs describe-log-groups --log-group-name-prefix ${prefix} --region ${region} --query 'logGroups[].[logGroupName]' --output text`;
  return `${list} | xargs -r -n 1 aws logs delete-log-group --region ${region} --log-group-name`;
}
