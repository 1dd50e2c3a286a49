import { credentialsOf } from '../../../aws/credentials.ts';
import { explained } from '../../../aws/explain.ts';
import { formatDurationS } from '../../../base/duration.ts';
import type { AwsAccess } from '../../../model/ports.ts';
import type { Plan } from '../../../model/run.ts';
import type { Warning } from '../../../model/warning.ts';
import { concurrencyQuota } from '../quotas.ts';
import { backendOf } from '../spec-of.ts';
import { checkConcurrency } from './check-concurrency.ts';
import { callerIdentity, type Identity } from './identity.ts';

/** What is known of an account before anything is made in it. */
export interface PreflightFacts extends Identity {
  region: string;
  warnings: Warning[];
}

export interface PreflightOptions {
  signal: AbortSignal;
  /** What the run may take, removing what it made included; null: not known. */
  expectedS?: number | null;
}

/** The time that credentials are good for against that of the run. */
function checkExpiry(expiresAtMs: number | null, expectedS: number | null): Warning[] {
  if (expiresAtMs === null || expectedS === null) return [];
  const leftS = (expiresAtMs - Date.now()) / 1000;
  if (leftS >= expectedS) return [];
  return [
    {
      code: 'credentials-expire',
      severity: 'note',
      message: `the AWS credentials end in ${formatDurationS(Math.max(0, leftS))} and the run may take ${formatDurationS(expectedS)}: unless they renew themselves, its later trials are refused and what it deployed cannot be removed by it`,
    },
  ];
}

/**
 * Asks all that can be known before anything is created, and creates nothing. Throws UsageError, one
 * at a time: what the target does not have, credentials, region, quotas. Whether the names of stacks
 * are free, `deploy` asks before it makes the first.
 */
export async function preflight(
  access: AwsAccess,
  plan: Pick<Plan, 'cells'>,
  { signal, expectedS = null }: PreflightOptions,
): Promise<PreflightFacts> {
  for (const { endpoint } of plan.cells) backendOf(endpoint.backend);
  const identity = await callerIdentity(access, signal);
  const concurrency = await concurrencyQuota(access, signal);
  const warnings: Warning[] =
    concurrency === null
      ? [
          {
            code: 'account-quota-unknown',
            severity: 'note',
            message: `${access.endpoint} does not tell the account's quotas: they were not checked`,
          },
        ]
      : checkConcurrency(plan, concurrency, access.region);
  const { expiresAtMs } = await credentialsOf(access).catch((error: unknown) => {
    throw explained(error, 'read the AWS credentials');
  });
  return {
    ...identity,
    region: access.region,
    warnings: [...warnings, ...checkExpiry(expiresAtMs, expectedS)],
  };
}
