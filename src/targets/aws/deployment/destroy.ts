import { callFailureText } from '../../../aws/call-failure.ts';
import { isLoopback } from '../../../aws/clients.ts';
import { explained } from '../../../aws/explain.ts';
import { pause } from '../../../aws/waiting.ts';
import type { Leftover } from '../../../model/deployment.ts';
import { type DeploymentContext, REMOTE_BACKENDS } from '../../../model/remote-backend.ts';
import { bucketClient, stackClient } from './clients.ts';
import { deletionOf, requestDelete, type StackRemoval } from './delete-stack.ts';
import { leftoversOf, stackLeftover, stackResources } from './leftovers.ts';
import { removeLogGroups } from './log-groups.ts';
import { stackName } from './names.ts';
import { type OurStack, ourStacks } from './stacks.ts';

/** A delete that failed is tried once more: what it waited for (an emptied bucket) may be there now. */
const TRIES = 2;
/** A request of an ended deploy may arrive, or be told of, after the stacks were listed. */
const PASSES = 3;
const LATE_MS = 2_000;

/**
 * Removes every stack of a run (by our tags and names, in any state), what is in its buckets, and log
 * groups Lambda has written since; resolves with what is left, none where there was nothing.
 * Throws the signal's reason. Where it fails otherwise, what may be left is in what it resolves with.
 */
export async function destroy(run: string, context: DeploymentContext): Promise<Leftover[]> {
  const { access, signal, progress } = context;
  const clients = { stacks: await stackClient(access), buckets: await bucketClient(access) };
  try {
    let left: Leftover[] = [];
    for (let pass = 0; pass < PASSES; pass += 1) {
      const stacks = await listed(run, clients.stacks, context);
      if (!Array.isArray(stacks)) return stacks.unknown;
      if (stacks.length === 0) {
        if (pass > 0) break;
        await pause(isLoopback(access) ? 0 : LATE_MS, signal);
        continue;
      }
      const removals = stacks.map((stack) => ({ clients, stack, signal, progress }));
      left = (await Promise.all(removals.map((one) => remove(one, access.region)))).flat();
      if (left.length > 0) break;
    }
    return [...left, ...(await removeLogGroups(run, access, signal))];
  } finally {
    clients.stacks.destroy();
    clients.buckets.destroy();
  }
}

/**
 * Only asks for the end of a run's stacks, and does not wait: for who wants to leave at once. Resolves
 * with the names of those asked for. Throws UsageError without rights or keys, else ToolError.
 */
export async function requestDestroy(
  run: string,
  { access, signal }: Pick<DeploymentContext, 'access' | 'signal'>,
): Promise<string[]> {
  const clients = { stacks: await stackClient(access), buckets: await bucketClient(access) };
  try {
    const stacks = await ourStacks(clients.stacks, signal, run);
    await Promise.all(
      stacks.map((stack) => requestDelete({ clients, stack, signal, progress: () => {} })),
    );
    return stacks.map(({ name }) => name);
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, `remove ${run}`);
  } finally {
    clients.stacks.destroy();
    clients.buckets.destroy();
  }
}

/** Removes one stack; what of it is left where that cannot be. */
async function remove(removal: StackRemoval, region: string): Promise<Leftover[]> {
  const { clients, stack, signal, progress } = removal;
  progress(`removing ${stack.name}`);
  let reason: string | null = null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    try {
      await requestDelete(removal);
      reason = await deletionOf(removal);
      if (reason === null) return [];
    } catch (error) {
      signal.throwIfAborted();
      reason = callFailureText(error);
    }
  }
  try {
    return leftoversOf(
      { name: stack.name, reason },
      await stackResources(clients.stacks, stack.id, signal),
      region,
    );
  } catch {
    signal.throwIfAborted();
    return [stackLeftover(stack.name, reason, region)];
  }
}

/** Its stacks; where they cannot be listed, all that a run may have. */
async function listed(
  run: string,
  client: StackRemoval['clients']['stacks'],
  { access, signal }: DeploymentContext,
): Promise<OurStack[] | { unknown: Leftover[] }> {
  try {
    return await ourStacks(client, signal, run);
  } catch (error) {
    signal.throwIfAborted();
    const reason = `whether it is there is not known: ${callFailureText(error)}`;
    const names = ['assets', ...REMOTE_BACKENDS].map((backend) => stackName(run, backend));
    return { unknown: names.map((name) => stackLeftover(name, reason, access.region)) };
  }
}
