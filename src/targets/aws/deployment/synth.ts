import type { DeploymentSpec } from '../../../../deploy/stacks/spec.ts';
import { ToolError } from '../../../base/errors.ts';
import type { Supervisor } from '../../../base/processes/supervisor.ts';
import { CdkFailure, checkCdk, runCdk } from './run-cdk.ts';

/**
 * Writes the CloudFormation templates and the functions' code into `folder` (absolute) and asks AWS
 * nothing. Throws UsageError where the CDK is not installed, ToolError where it makes no stacks of it.
 */
export async function synth(
  spec: DeploymentSpec,
  folder: string,
  context: { supervisor: Supervisor; signal: AbortSignal; app?: string },
): Promise<void> {
  const { supervisor, signal, app = null } = context;
  checkCdk();
  try {
    await runCdk({
      job: { action: 'synth', spec, folder, app },
      access: null,
      supervisor,
      signal,
      progress: () => {},
    });
  } catch (error) {
    if (!(error instanceof CdkFailure)) throw error;
    throw new ToolError(`the CDK made no templates: ${error.message}`);
  }
}
