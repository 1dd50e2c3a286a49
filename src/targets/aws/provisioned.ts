import type { LambdaClient } from '@aws-sdk/client-lambda';
import { isServiceError } from '../../aws/explain.ts';
import { pause } from '../../aws/waiting.ts';
import { ToolError } from '../../base/errors.ts';

/** AWS says one to two minutes for most; hundreds of environments take longer. */
const READY_WITHIN_S = 900;
/** What is deleted is gone in seconds. */
const GONE_WITHIN_S = 120;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

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
  const done = await polled(READY_WITHIN_S, signal, async () => {
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
      `${ready} of ${count} provisioned environments of ${functionName} were ready after ${READY_WITHIN_S} s`,
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
    if (isServiceError(error, ...GONE)) return true;
    throw error;
  };
  await client
    .send(new DeleteProvisionedConcurrencyConfigCommand(of), { abortSignal: signal })
    .catch(isGone);
  const done = await polled(GONE_WITHIN_S, signal, () =>
    client
      .send(new GetProvisionedConcurrencyConfigCommand(of), { abortSignal: signal })
      .then(() => false, isGone),
  );
  if (!done) {
    throw new ToolError(
      `the provisioned concurrency of ${functionName} was not gone after ${GONE_WITHIN_S} s`,
    );
  }
}

const GONE = ['ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException'];

/** Asks again and again, less and less often; false where the time is up. Throws the signal's reason. */
async function polled(
  withinS: number,
  signal: AbortSignal,
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  const untilMs = Date.now() + withinS * 1000;
  for (let pauseMs = FIRST_PAUSE_MS; !(await isDone()); pauseMs *= 2) {
    if (Date.now() >= untilMs) return false;
    await pause(Math.min(pauseMs, LONGEST_PAUSE_MS), signal);
    signal.throwIfAborted();
  }
  return true;
}
