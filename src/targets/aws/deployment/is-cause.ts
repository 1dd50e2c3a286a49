import type { StackEvent } from '@aws-sdk/client-cloudformation';

/** Told of the others, and of the stack, once one has failed. */
const FOLLOWS = /(creation|update) cancelled|resource\(s\) failed to/i;

/** Whether a resource failed by itself, not because another did. */
export function isCause({ ResourceStatus, ResourceStatusReason }: StackEvent): boolean {
  return (
    ResourceStatus?.endsWith('_FAILED') === true &&
    ResourceStatusReason !== undefined &&
    !FOLLOWS.test(ResourceStatusReason)
  );
}
