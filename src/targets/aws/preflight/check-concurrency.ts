import { UsageError } from '../../../base/errors.ts';
import type { Plan } from '../../../model/run.ts';
import type { Warning } from '../../../model/warning.ts';
import { type ConcurrencyQuota, UNRESERVED_LEAST } from '../quotas.ts';
import { ASSUMED_S, expectedConcurrency } from './expected-concurrency.ts';

/** New accounts have 10 or 50, and with it a lower limit of memory that no API tells. */
const NEW_ACCOUNT_LIMIT = 50;
const NEW_ACCOUNT_MEMORY_MB = 3008;
/** Service Quotas' code of Lambda's "Concurrent executions". */
const QUOTA_CODE = 'L-B99A9384';

/**
 * What the plan asks of the account's concurrency against what is there. Throws UsageError where it
 * cannot do; the warnings say where it may not.
 */
export function checkConcurrency(
  plan: Pick<Plan, 'cells'>,
  quota: ConcurrencyQuota,
  region: string,
): Warning[] {
  const { limit, unreserved } = quota;
  const raise = `raise the quota "Concurrent executions" of Lambda: aws service-quotas request-service-quota-increase --service-code lambda --quota-code ${QUOTA_CODE} --desired-value 1000 --region ${region}`;
  const had = `the account has ${unreserved} of ${limit} executions at a time unreserved in ${region}`;
  const largest = (of: (cell: Plan['cells'][number]) => number) => Math.max(...plan.cells.map(of));
  const provisioned = largest(({ endpoint }) => endpoint.provisionedConcurrency);
  const reserved = largest(({ endpoint }) => endpoint.reservedConcurrency ?? 0);
  for (const [flag, count] of [
    ['--provisioned-concurrency', provisioned],
    ['--reserved-concurrency', reserved],
  ] as const) {
    if (count === 0 || unreserved - count >= UNRESERVED_LEAST) continue;
    const most = unreserved - UNRESERVED_LEAST;
    throw new UsageError(
      `${flag}: ${count} is too many: ${had}, and ${UNRESERVED_LEAST} must stay for other functions; ${most > 0 ? `ask for ${most} at most, or ` : ''}${raise}`,
    );
  }
  const { cellId, steady, starting } = expectedConcurrency(plan);
  if (steady > unreserved) {
    throw new UsageError(
      `${cellId} would have some ${steady} requests under way at once (at ${ASSUMED_S.warm} s each, ${ASSUMED_S.first} s where environments initialise), and ${had}: the rest would be throttled; lower --rate (or --users, --vus), or ${raise}`,
    );
  }
  const warnings: Warning[] = [];
  if (starting > unreserved) {
    warnings.push({
      code: 'account-concurrency',
      severity: 'note',
      message: `${cellId} may have ${starting} requests under way while environments initialise (at ${ASSUMED_S.first} s each), and ${had}: some may be throttled`,
    });
  }
  const memoryMb = largest(({ endpoint }) => endpoint.memoryMb ?? 0);
  if (limit <= NEW_ACCOUNT_LIMIT && memoryMb > NEW_ACCOUNT_MEMORY_MB) {
    warnings.push({
      code: 'account-memory',
      severity: 'note',
      message: `the account has a quota of ${limit} executions at a time, as new ones have, which are mostly limited to ${NEW_ACCOUNT_MEMORY_MB.toLocaleString('en')} MB of memory as well: ${memoryMb.toLocaleString('en')} MB may be refused when it is deployed`,
    });
  }
  return warnings;
}
