import { ToolError } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { Target } from '../../model/ports.ts';
import type { Plan } from '../../model/run.ts';
import type { AwsTarget } from '../../targets/aws/aws-target.ts';
import type { Planned } from '../planning/planned.ts';
import type { Admitted } from './admit.ts';
import { awsAccess } from './aws-access.ts';
import type { LastWill } from './session-of.ts';

export interface Session {
  will: LastWill;
  supervisor: Supervisor;
  signal: AbortSignal;
  step(text: string): void;
}

/** Opens the target of a run; for AWS and deployed endpoints `admitted` tells what was found out. */
export async function openTarget(
  { options, places }: Planned,
  plan: Plan,
  runId: string,
  admitted: Admitted | null,
  session: Session,
): Promise<Target> {
  const { supervisor, signal, step } = session;
  const { target } = options;
  if (target === 'local') {
    step('starting the local Lambda');
    const { createLocalTarget } = await import('../../targets/local/local-target.ts');
    const { startEmulator } = await import('../../emulator/emulator.ts');
    return createLocalTarget(await startEmulator({ supervisor }));
  }
  if (target === 'url') {
    const { createUrlTarget } = await import('../../targets/url/url-target.ts');
    return createUrlTarget({ endpoints: places ?? [], signal });
  }
  return await openAws(options, plan, runId, admitted, session);
}

/** Opens the target `aws`. */
export async function openAws(
  { remote }: Planned['options'],
  plan: Plan,
  runId: string,
  admitted: Admitted | null,
  session: Session,
): Promise<AwsTarget> {
  const { openAwsTarget } = await import('./aws-target.ts');
  if (admitted?.account == null || remote === null) {
    throw new ToolError('nothing is known of the AWS account');
  }
  return openAwsTarget({
    ...session,
    access: awsAccess(plan.region),
    account: admitted.account.account,
    run: runId,
    remote,
    neededS: admitted.estimate.runS.high,
  });
}
