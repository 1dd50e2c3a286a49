import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { S3Client } from '@aws-sdk/client-s3';
import { pause } from '../../../aws/waiting.ts';
import { emptyBucket } from './empty-bucket.ts';
import { stackResources, stands } from './leftovers.ts';
import { findStack, type OurStack } from './stacks.ts';
import { FIRST_POLL_MS, nextPollMs } from './wait-for-stack.ts';

/**
 * Looks for which an answer from before the delete may still come: some 2 s where the delete before
 * failed, else (a stack that is being made turns around, too) half a minute.
 */
const STALE_LOOKS = { failed: 3, else: 12 };

export interface StackRemoval {
  clients: { stacks: CloudFormationClient; buckets: S3Client };
  stack: OurStack;
  signal: AbortSignal;
  progress(text: string): void;
}

/**
 * Empties its buckets and asks for its end, in whatever state it is; does not wait for it. Whether
 * they could be emptied is not told here: CloudFormation tells by deleting it or not.
 */
export async function requestDelete({ clients, stack, signal }: StackRemoval): Promise<void> {
  const { DeleteStackCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    for (const resource of await stackResources(clients.stacks, stack.id, signal)) {
      if (resource.ResourceType !== 'AWS::S3::Bucket' || !stands(resource)) continue;
      await emptyBucket(clients.buckets, resource.PhysicalResourceId ?? '', signal);
    }
  } catch {
    signal.throwIfAborted();
  }
  await clients.stacks.send(new DeleteStackCommand({ StackName: stack.id }), {
    abortSignal: signal,
  });
}

/**
 * Waits for the end of a stack that was asked for. null: it is gone; else CloudFormation's reason.
 * Throws the signal's reason, and what the SDK throws.
 */
export async function deletionOf(removal: StackRemoval): Promise<string | null> {
  const { clients, stack, signal, progress } = removal;
  let begun = false;
  for (let look = 0, waitMs = FIRST_POLL_MS; ; look += 1, waitMs = nextPollMs(waitMs)) {
    signal.throwIfAborted();
    const found = await findStack(clients.stacks, stack.id, signal);
    const status = found?.StackStatus ?? 'DELETE_COMPLETE';
    if (status === 'DELETE_COMPLETE') return null;
    if (status === 'DELETE_IN_PROGRESS') {
      begun = true;
      progress(await standing(removal));
    } else if (begun || look >= STALE_LOOKS[status === 'DELETE_FAILED' ? 'failed' : 'else']) {
      return `${status}${found?.StackStatusReason ? `: ${found.StackStatusReason}` : ''}`;
    }
    await pause(waitMs, signal);
  }
}

/** `removing bench-…-postgres: 3 of 37 resources left, AWS::EC2::SecurityGroup among them` */
async function standing({ clients, stack, signal }: StackRemoval): Promise<string> {
  const resources = await stackResources(clients.stacks, stack.id, signal);
  const left = resources.filter(stands);
  const network = left.some(({ ResourceType }) => ResourceType === 'AWS::EC2::SecurityGroup');
  return `removing ${stack.name}: ${left.length} of ${resources.length} resources left${
    network ? ' (Lambda gives network interfaces back after up to 40 minutes)' : ''
  }`;
}
