import { lambdaClient } from '../../aws/clients.ts';
import { explained, fromService } from '../../aws/explain.ts';
import type { AwsAccess } from '../../model/ports.ts';

/** Lambda keeps so many for functions without a reservation. Source: Developer Guide, "Reserved concurrency". */
export const UNRESERVED_LEAST = 100;

/** Executions at a time, of all functions of the account in the region. */
export interface ConcurrencyQuota {
  limit: number;
  /** Of it, what no function has reserved; what is provisioned of functions without is still in it. */
  unreserved: number;
}

/**
 * As GetAccountSettings tells it. null: an endpoint that stands in for AWS does not know the question.
 * Throws UsageError or ToolError in words of `explained`.
 */
export async function concurrencyQuota(
  access: AwsAccess,
  signal: AbortSignal,
): Promise<ConcurrencyQuota | null> {
  const { GetAccountSettingsCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambdaClient(access, 1);
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}), {
      abortSignal: signal,
    });
    const limit = AccountLimit?.ConcurrentExecutions;
    if (limit === undefined) return null;
    return { limit, unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? limit };
  } catch (error) {
    signal.throwIfAborted();
    if (access.endpoint !== null && isUnknownQuestion(error)) return null;
    throw explained(error, "read the account's Lambda quotas");
  } finally {
    client.destroy();
  }
}

function isUnknownQuestion(error: unknown): boolean {
  if (!fromService(error)) return false;
  const status = error.$metadata.httpStatusCode;
  return status === 404 || status === 501 || error.name === 'UnknownOperationException';
}
