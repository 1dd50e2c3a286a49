import type { CloudFormationClient, StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { Leftover } from '../../../model/deployment.ts';
import { removalCommand } from './removal-command.ts';

/** All resources of a stack, also of one with more than the hundred DescribeStackResources tells. */
export async function stackResources(
  client: CloudFormationClient,
  stack: string,
  signal: AbortSignal,
): Promise<StackResourceSummary[]> {
  const { paginateListStackResources } = await import('@aws-sdk/client-cloudformation');
  const all: StackResourceSummary[] = [];
  const pages = paginateListStackResources(
    { client },
    { StackName: stack },
    { abortSignal: signal },
  );
  for await (const page of pages) all.push(...(page.StackResourceSummaries ?? []));
  return all;
}

/** Whether something of it may stand in the account. */
export function stands({ ResourceStatus, PhysicalResourceId }: StackResourceSummary): boolean {
  return ResourceStatus !== 'DELETE_COMPLETE' && (PhysicalResourceId ?? '') !== '';
}

/** What stands of a stack, each with what removes it, those that failed first; the stack at last. */
export function leftoversOf(
  stack: { name: string; reason: string | null },
  resources: readonly StackResourceSummary[],
  region: string,
): Leftover[] {
  const left = resources.filter(stands).map((resource): Leftover => {
    const type = resource.ResourceType ?? 'resource';
    const id = resource.PhysicalResourceId ?? '';
    return {
      type,
      id,
      reason: resource.ResourceStatusReason ?? null,
      command: removalCommand(type, id, { stack: stack.name, region }),
    };
  });
  return [
    ...left.filter(({ reason }) => reason !== null),
    ...left.filter(({ reason }) => reason === null),
    stackLeftover(stack.name, stack.reason, region),
  ];
}

export function stackLeftover(name: string, reason: string | null, region: string): Leftover {
  const type = 'AWS::CloudFormation::Stack';
  return { type, id: name, reason, command: removalCommand(type, name, { stack: name, region }) };
}
