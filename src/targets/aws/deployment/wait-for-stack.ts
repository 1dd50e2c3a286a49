import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { pause } from '../../../aws/waiting.ts';
import { findStack } from './stacks.ts';

/** Between two looks: short at first, as a bucket takes seconds, then as the console does. */
export const FIRST_POLL_MS = 250;
const LAST_POLL_MS = 5_000;
const GROWTH = 1.5;

export function nextPollMs(waitedMs: number): number {
  return Math.min(waitedMs * GROWTH, LAST_POLL_MS);
}

/**
 * Resolves with the stack's status once nothing is in progress; null: it is gone. The id, not the
 * name: a deleted stack is known by its id only. Throws the signal's reason, and what the SDK throws.
 */
export async function waitForStack(
  client: CloudFormationClient,
  id: string,
  signal: AbortSignal,
): Promise<string | null> {
  for (let waitMs = FIRST_POLL_MS; ; waitMs = nextPollMs(waitMs)) {
    signal.throwIfAborted();
    const status = (await findStack(client, id, signal))?.StackStatus ?? null;
    if (status === null || status === 'DELETE_COMPLETE') return null;
    if (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS') return status;
    await pause(waitMs, signal);
  }
}
