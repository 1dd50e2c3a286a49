import { BaseCredentials, type IIoHost, type StackActivity, Toolkit } from '@aws-cdk/toolkit-lib';
import type { DeploymentSpec } from '../../../../../deploy/stacks/spec.ts';
import { stsClient } from '../../../../aws/clients.ts';
import { isCause } from '../is-cause.ts';

/** https://docs.aws.amazon.com/cdk/api/toolkit-lib/message-registry/ */
const STACK_ACTIVITY = 'CDK_TOOLKIT_I5502';
const ASSET_UPLOAD = 'CDK_TOOLKIT_I5221';

/** Between two looks at each stack's events: half of the toolkit's rate, as stacks deploy at once. */
const POLL_MS = 4_000;
const POLL_OF_STAND_IN_MS = 100;

/**
 * Deploys every stack of the assembly, all at once. Throws what the toolkit throws; and as soon as one
 * resource has failed, while the toolkit would wait for all the others (a database: ten minutes) and
 * the caller will remove them all.
 */
export async function deployAssembly(
  spec: DeploymentSpec,
  folder: string,
  progress: (text: string) => void,
): Promise<void> {
  const endpoint = process.env.AWS_ENDPOINT_URL ?? null;
  // The keys the user was shown, by the same chain.
  const { config } = await stsClient({ region: spec.region, endpoint, credentials: null }, 1);
  const failed = Promise.withResolvers<never>();
  const toolkit = new Toolkit({
    ioHost: host(progress, failed.reject),
    color: false,
    emojis: false,
    sdkConfig: {
      baseCredentials: BaseCredentials.custom({
        provider: () => config.credentials(),
        region: spec.region,
      }),
    },
  });
  const deployed = toolkit.deploy(await toolkit.fromAssemblyDirectory(folder), {
    // All stacks are new, so that there is nothing to review; one step, and less rights, than with
    // change sets.
    deploymentMethod: { method: 'direct' },
    // One that stays as it failed is read, then destroyed: nothing is won by rolling it back first.
    rollback: false,
    concurrency: spec.stacks.length,
    assetParallelism: true,
    assetBuildConcurrency: 4,
    stackEventPollingInterval: endpoint === null ? POLL_MS : POLL_OF_STAND_IN_MS,
  });
  await Promise.race([deployed, failed.promise]);
}

/** Turns messages into lines of progress; answers every question with its default. */
function host(progress: (text: string) => void, fail: (error: Error) => void): IIoHost {
  return {
    async notify({ code, message, data }) {
      if (code === STACK_ACTIVITY) {
        const of = data as StackActivity;
        progress(activity(of));
        if (isCause(of.event)) fail(new Error(activity(of)));
      } else if (code === ASSET_UPLOAD) progress(message);
    },
    async requestResponse({ defaultResponse }) {
      return defaultResponse;
    },
  };
}

/** `bench-…-dynamo: 12 of 37, AWS::Lambda::Function CREATE_COMPLETE` */
function activity({ event, progress }: StackActivity): string {
  const { StackName, ResourceType, ResourceStatus } = event;
  const { completed, total } = progress;
  const count = total === undefined ? `${completed}` : `${completed} of ${total}`;
  return `${StackName}: ${count}, ${ResourceType} ${ResourceStatus}`;
}
