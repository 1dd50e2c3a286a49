import { answered, type LambdaCall } from './lambda-call.ts';
import type { ServiceAnswer } from './wire.ts';

/** Lambda's quotas of code: of all of an account's, unzipped, and zipped in one request. */
const TOTAL_BYTES = 80_530_636_800;
const UNZIPPED_BYTES = 262_144_000;
const ZIPPED_BYTES = 52_428_800;

/** GetAccountSettings */
export function accountSettings({ backing }: Pick<LambdaCall, 'backing'>): ServiceAnswer {
  const limits = backing.functions.account();
  return answered({
    AccountLimit: {
      TotalCodeSize: TOTAL_BYTES,
      CodeSizeUnzipped: UNZIPPED_BYTES,
      CodeSizeZipped: ZIPPED_BYTES,
      ConcurrentExecutions: limits.concurrentExecutions,
      UnreservedConcurrentExecutions: limits.unreservedConcurrentExecutions,
    },
    AccountUsage: { TotalCodeSize: limits.codeBytes, FunctionCount: limits.functionCount },
  });
}
