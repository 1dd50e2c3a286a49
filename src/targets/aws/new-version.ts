import type { LambdaClient } from '@aws-sdk/client-lambda';
import { polled } from '../../aws/waiting.ts';
import { ToolError } from '../../base/errors.ts';
import type { Alias } from './provisioned.ts';

const ACTIVE = { withinS: 180, longestPauseMs: 2_000 };
/** Tells versions of ours from the stack's, which go with the stack. */
const DESCRIPTION = 'bench: without environments of before';

/**
 * Publishes the function as it is now, has the alias point to it, and removes the version of before
 * where that was published here. A version has environments of its own, so that requests to the alias
 * find none of before.
 * @throws ToolError where the version does not become active; else what the SDK throws
 */
export async function pointToNewVersion(
  client: LambdaClient,
  { functionName, qualifier }: Alias,
  signal: AbortSignal,
): Promise<void> {
  const sdk = await import('@aws-sdk/client-lambda');
  const of = { FunctionName: functionName };
  const options = { abortSignal: signal };
  const before = await client.send(
    new sdk.GetFunctionConfigurationCommand({ ...of, Qualifier: qualifier }),
    options,
  );
  const published = await client.send(
    new sdk.PublishVersionCommand({ ...of, Description: DESCRIPTION }),
    options,
  );
  await whenActive(client, functionName, published.Version, signal);
  await client.send(
    new sdk.UpdateAliasCommand({ ...of, Name: qualifier, FunctionVersion: published.Version }),
    options,
  );
  if (before.Description !== DESCRIPTION || before.Version === published.Version) return;
  await client
    .send(new sdk.DeleteFunctionCommand({ ...of, Qualifier: before.Version }), options)
    // It costs nothing and goes with its function.
    .catch(() => signal.throwIfAborted());
}

async function whenActive(
  client: LambdaClient,
  functionName: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const asked = new GetFunctionConfigurationCommand({
    FunctionName: functionName,
    Qualifier: version,
  });
  const failed = (reason: string) =>
    new ToolError(`version ${version} of ${functionName} did not become active: ${reason}`);
  const active = await polled(ACTIVE, signal, async () => {
    const { State, StateReason } = await client.send(asked, { abortSignal: signal });
    if (State === 'Failed') throw failed(StateReason ?? 'Lambda gives no reason');
    return State === 'Active' || State === undefined;
  });
  if (!active) throw failed(`it was still not so after ${ACTIVE.withinS} s`);
}
