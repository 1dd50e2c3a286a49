import type { CloudFormationClient, StackEvent } from '@aws-sdk/client-cloudformation';
import { isCause } from './is-cause.ts';

/** The resource that failed first, and why, in AWS's words. */
export interface Cause {
  type: string;
  logicalId: string;
  /** Its name, where it had one already. */
  physicalId: string | null;
  reason: string;
}

/** Null: the stack is not there, or no resource of it failed. */
export async function firstCause(
  client: CloudFormationClient,
  stack: string,
  signal: AbortSignal,
): Promise<Cause | null> {
  const first = (await events(client, stack, signal)).filter(isCause).at(-1);
  if (first === undefined) return null;
  const physicalId = first.PhysicalResourceId ?? '';
  return {
    type: first.ResourceType ?? 'resource',
    logicalId: first.LogicalResourceId ?? '',
    physicalId: physicalId === '' || physicalId === first.StackId ? null : physicalId,
    reason: (first.ResourceStatusReason ?? '').replaceAll(/\s+/g, ' ').trim(),
  };
}

/** Newest first, as CloudFormation tells them. */
async function events(
  client: CloudFormationClient,
  stack: string,
  signal: AbortSignal,
): Promise<StackEvent[]> {
  const { paginateDescribeStackEvents } = await import('@aws-sdk/client-cloudformation');
  const all: StackEvent[] = [];
  const pages = paginateDescribeStackEvents(
    { client },
    { StackName: stack },
    { abortSignal: signal },
  );
  try {
    for await (const page of pages) all.push(...(page.StackEvents ?? []));
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return [];
    throw error;
  }
  return all;
}
