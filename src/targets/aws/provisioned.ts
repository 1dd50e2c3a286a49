import type { LambdaClient } from '@aws-sdk/client-lambda';
import { isServiceError } from '../../aws/explain.ts';
import { polled } from '../../aws/waiting.ts';
import { ToolError } from '../../base/errors.ts';

/** AWS says one to two minutes for most; hundreds of environments take longer. */
const READY = { withinS: 900, longestPauseMs: 5_000 };
/** What is deleted is gone in seconds. */
const GONE = { withinS: 120, longestPauseMs: 5_000 };

/** An alias of a function. */
export interface Alias {
  functionName: string;
  qualifier: string;
}

/**
 * Provisions environments and waits until all of them are ready.
 * @throws ToolError with Lambda's reason where they do not get ready; else what the SDK throws
 */
export async function provisionEnvironments(
  client: LambdaClient,
  { functionName, qualifier }: Alias,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const { PutProvisionedConcurrencyConfigCommand, GetProvisionedConcurrencyConfigCommand } =
    await import('@aws-sdk/client-lambda');
  const of = { FunctionName: functionName, Qualifier: qualifier };
  await client.send(
    new PutProvisionedConcurrencyConfigCommand({ ...of, ProvisionedConcurrentExecutions: count }),
    { abortSignal: signal },
  );
  let ready = 0;
  const done = await polled(READY, signal, async () => {
    const state = await client.send(new GetProvisionedConcurrencyConfigCommand(of), {
      abortSignal: signal,
    });
    if (state.Status === 'FAILED') {
      const reason = state.StatusReason ?? 'Lambda gives no reason';
      throw new ToolError(
        `${count} provisioned environments of ${functionName} did not get ready: ${reason}`,
      );
    }
    ready = state.AvailableProvisionedConcurrentExecutions ?? 0;
    return state.Status === 'READY';
  });
  if (!done) {
    throw new ToolError(
      `${ready} of ${count} provisioned environments of ${functionName} were ready after ${READY.withinS} s`,
    );
  }
}

/** Provisions none, and waits until nothing of it is left: a new configuration would be refused. */
export async function unprovisionEnvironments(
  client: LambdaClient,
  { functionName, qualifier }: Alias,
  signal: AbortSignal,
): Promise<void> {
  const { DeleteProvisionedConcurrencyConfigCommand, GetProvisionedConcurrencyConfigCommand } =
    await import('@aws-sdk/client-lambda');
  const of = { FunctionName: functionName, Qualifier: qualifier };
  const isGone = (error: unknown): true => {
    if (isServiceError(error, ...NOT_THERE)) return true;
    throw error;
  };
  // Refused while Lambda is still at what was put, as after an interruption: asked again until it is not.
  const isBusy = (error: unknown) => isServiceError(error, 'ResourceConflictException');
  const remove = new DeleteProvisionedConcurrencyConfigCommand(of);
  const asked = await polled(GONE, signal, () =>
    client
      .send(remove, { abortSignal: signal })
      .then(() => true)
      .catch((error) => !isBusy(error) && isGone(error)),
  );
  const isLeft = new GetProvisionedConcurrencyConfigCommand(of);
  const done =
    asked &&
    (await polled(GONE, signal, () =>
      client.send(isLeft, { abortSignal: signal }).then(() => false, isGone),
    ));
  if (!done) {
    throw new ToolError(
      `the provisioned concurrency of ${functionName} was not gone after ${GONE.withinS} s`,
    );
  }
}

const NOT_THERE = ['ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException'];
