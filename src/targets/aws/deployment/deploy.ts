import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DeploymentSpec } from '../../../../deploy/stacks/spec.ts';
import { callFailureText } from '../../../aws/call-failure.ts';
import { explained } from '../../../aws/explain.ts';
import { ToolError, UsageError } from '../../../base/errors.ts';
import type { Supervisor } from '../../../base/processes/supervisor.ts';
import type { Deployment } from '../../../model/deployment.ts';
import type { DeploymentContext } from '../../../model/remote-backend.ts';
import { makeAssetsStack } from './assets-stack.ts';
import { bucketClient, stackClient } from './clients.ts';
import { deletionOf, requestDelete } from './delete-stack.ts';
import { deployFailure } from './deploy-failure.ts';
import { deploymentsOf } from './list.ts';
import { assetsStackName } from './names.ts';
import { CdkFailure, checkCdk, runCdk } from './run-cdk.ts';
import { findStack, ourStacks, runOf } from './stacks.ts';

export interface DeployContext extends DeploymentContext {
  supervisor: Supervisor;
  /** A module in place of deploy/stacks/app.ts. */
  app?: string;
}

/**
 * Deploys all stacks of the specification and resolves when they are whole. Throws UsageError for what
 * the user can mend (no CDK, a stack of the name, rights, memory above the account's cap), ToolError
 * with the first cause, and the signal's reason. Where it throws, what it made is still there, and
 * `destroy` of the same run removes it, also while CloudFormation is still at work.
 */
export async function deploy(spec: DeploymentSpec, context: DeployContext): Promise<Deployment> {
  const { access, signal, progress } = context;
  checkCdk();
  const client = await stackClient(access);
  try {
    await refuseTaken(client, spec, signal);
    progress(`making the asset bucket ${spec.assetBucket}`);
    await makeAssetsStack(client, spec, signal);
    await deployStacks(client, spec, context);
    await removeAssets(client, spec, context);
    const [deployment] = deploymentsOf(await ourStacks(client, signal, spec.run), access.region);
    if (deployment === undefined) throw new ToolError(`no stack of ${spec.run} is there any more`);
    return deployment;
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, `deploy ${spec.run} to ${access.region}`);
  } finally {
    client.destroy();
  }
}

/** Throws UsageError where a stack of one of the names is there. */
async function refuseTaken(
  client: CloudFormationClient,
  { run, stacks }: DeploymentSpec,
  signal: AbortSignal,
): Promise<void> {
  for (const name of [assetsStackName(run), ...stacks.map((stack) => stack.name)]) {
    const stack = await findStack(client, name, signal);
    if (stack === null || stack.StackStatus === 'DELETE_COMPLETE') continue;
    throw new UsageError(
      runOf(stack) === run
        ? `the stack ${name} of this run is there already (${stack.StackStatus}): remove it first with bench destroy --run ${run}`
        : `there is a stack ${name} that is not of this tool; it is not touched: remove or rename it, or run again (each run has names of its own)`,
    );
  }
}

async function deployStacks(
  client: CloudFormationClient,
  spec: DeploymentSpec,
  { access, supervisor, signal, progress, app }: DeployContext,
): Promise<void> {
  const folder = supervisor.ownFolder('bench-templates');
  try {
    await runCdk({
      job: { action: 'deploy', spec, folder, app: app ?? null },
      access,
      supervisor,
      signal,
      progress,
    });
  } catch (error) {
    if (!(error instanceof CdkFailure)) throw error;
    throw await deployFailure(error, client, spec, signal);
  }
}

/** Lambda has its own copy of the code now. What cannot be removed here goes with `destroy`. */
async function removeAssets(
  stacks: CloudFormationClient,
  { run }: DeploymentSpec,
  { access, signal, progress }: DeployContext,
): Promise<void> {
  const buckets = await bucketClient(access);
  try {
    const own = await ourStacks(stacks, signal, run);
    const stack = own.find(({ name }) => name === assetsStackName(run));
    if (stack === undefined) return;
    const removal = { clients: { stacks, buckets }, stack, signal, progress };
    await requestDelete(removal);
    const reason = await deletionOf(removal);
    if (reason !== null) throw new Error(reason);
  } catch (error) {
    signal.throwIfAborted();
    progress(
      `the asset bucket is still there and goes with bench destroy: ${callFailureText(error)}`,
    );
  } finally {
    buckets.destroy();
  }
}
