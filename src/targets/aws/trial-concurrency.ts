import { lambdaClient } from '../../aws/clients.ts';
import { explained, isServiceError } from '../../aws/explain.ts';
import { renewFunction } from '../../aws/renew-function.ts';
import { pause } from '../../aws/waiting.ts';
import { UsageError } from '../../base/errors.ts';
import type { KnownFunction } from '../../model/ports.ts';
import { pointToNewVersion } from './new-version.ts';
import { provisionEnvironments, unprovisionEnvironments } from './provisioned.ts';
import { concurrencyQuota, UNRESERVED_LEAST } from './quotas.ts';

/** What a trial's endpoint asks of its function, for as long as the trial lasts. */
export interface TrialConcurrency {
  /** 0: none. */
  provisioned: number;
  /** null: no limit of its own. */
  reserved: number | null;
}

interface Context {
  /** Waited where requests may still reach old environments. */
  settleMs: number;
  signal: AbortSignal;
}

/**
 * No environments of before, and those that are provisioned ready. Throws ToolError or UsageError in
 * one sentence, the signal's reason for an abort.
 */
export async function renewed(
  known: KnownFunction,
  { provisioned }: TrialConcurrency,
  { settleMs, signal }: Context,
): Promise<void> {
  const { functionName, qualifier, aws } = known;
  if (qualifier === null) return await renewFunction(aws, functionName, { settleMs, signal });
  const alias = { functionName, qualifier };
  const client = await lambdaClient(aws, 1);
  try {
    await unprovisionEnvironments(client, alias, signal);
    await renewFunction(aws, functionName, { settleMs: 0, signal });
    await pointToNewVersion(client, alias, signal);
    if (provisioned > 0) await provisionEnvironments(client, alias, provisioned, signal);
    await pause(settleMs, signal);
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, `provision environments of ${functionName}`);
  } finally {
    client.destroy();
  }
}

/** Reserves concurrency for a function. Throws UsageError where the account has too little. */
export async function reserve(
  { functionName, aws }: KnownFunction,
  reserved: number,
  signal: AbortSignal,
): Promise<void> {
  const quota = await concurrencyQuota(aws, signal);
  if (quota !== null && quota.unreserved - reserved < UNRESERVED_LEAST) {
    throw new UsageError(
      `--reserved-concurrency: ${reserved} would leave ${quota.unreserved - reserved} of the account's ${quota.unreserved} unreserved executions, and ${UNRESERVED_LEAST} must stay for other functions; ask for less, or for none`,
    );
  }
  const { PutFunctionConcurrencyCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambdaClient(aws, 1);
  try {
    await client.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: functionName,
        ReservedConcurrentExecutions: reserved,
      }),
      { abortSignal: signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, `reserve concurrency for ${functionName}`);
  } finally {
    client.destroy();
  }
}

/** Takes back what a trial put, also where it was put by half. */
export async function takeBack(
  { functionName, qualifier, aws }: KnownFunction,
  { provisioned, reserved }: TrialConcurrency,
  signal: AbortSignal,
): Promise<void> {
  const { DeleteFunctionConcurrencyCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambdaClient(aws, 1);
  try {
    if (provisioned > 0 && qualifier !== null) {
      await unprovisionEnvironments(client, { functionName, qualifier }, signal);
    }
    if (reserved !== null) {
      await client
        .send(new DeleteFunctionConcurrencyCommand({ FunctionName: functionName }), {
          abortSignal: signal,
        })
        .catch((error: unknown) => {
          if (!isServiceError(error, 'ResourceNotFoundException')) throw error;
        });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, `take back the concurrency of ${functionName}`);
  } finally {
    client.destroy();
  }
}
