import { explained } from '../../../aws/explain.ts';
import type { DeployedFunction, Deployment } from '../../../model/deployment.ts';
import type { AwsAccess } from '../../../model/ports.ts';
import { deployedFunctions } from '../outputs.ts';
import { stackClient } from './clients.ts';
import { type OurStack, ourStacks } from './stacks.ts';

/**
 * Every deployment of ours in the account and region, oldest first, whole or not. CloudFormation
 * alone knows: any machine sees the same. Throws UsageError without rights or keys, else ToolError.
 */
export async function listDeployments(
  access: AwsAccess,
  signal: AbortSignal,
): Promise<Deployment[]> {
  const client = await stackClient(access);
  try {
    return deploymentsOf(await ourStacks(client, signal), access.region);
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, `list the stacks in ${access.region}`);
  } finally {
    client.destroy();
  }
}

/** Stacks of one run are one deployment. */
export function deploymentsOf(stacks: readonly OurStack[], region: string): Deployment[] {
  const runs = new Map<string, OurStack[]>();
  for (const stack of stacks) runs.set(stack.run, [...(runs.get(stack.run) ?? []), stack]);
  return [...runs]
    .map(([run, of]) => ({
      run,
      region,
      createdAt: of.find(({ createdAt }) => createdAt !== null)?.createdAt ?? '',
      expiresAt: of.find(({ expiresAt }) => expiresAt !== null)?.expiresAt ?? '',
      kept: of.every(({ kept }) => kept),
      stacks: of.map(({ name, status }) => ({ name, status })),
      functions: of.flatMap(functionsOf),
    }))
    .sort((a, b) => (a.run < b.run ? -1 : 1));
}

/** None where another version wrote the outputs: what it made is still to be listed and removed. */
function functionsOf({ outputs }: OurStack): DeployedFunction[] {
  try {
    return deployedFunctions(outputs);
  } catch {
    return [];
  }
}
