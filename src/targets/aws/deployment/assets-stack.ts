import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DeploymentSpec } from '../../../../deploy/stacks/spec.ts';
import { ToolError } from '../../../base/errors.ts';
import { firstCause } from './first-cause.ts';
import { assetsStackName, RUN_TAG, stackTags } from './names.ts';
import { findStack, tagOf } from './stacks.ts';
import { waitForStack } from './wait-for-stack.ts';

/** The bucket code and templates are uploaded to; what is left in it goes after a day. */
export function assetsTemplate(bucket: string) {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'graphql-lambda-bench: uploaded code and templates of one run',
    Resources: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
        Properties: {
          BucketName: bucket,
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
            ],
          },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          LifecycleConfiguration: {
            Rules: [
              {
                Id: 'one-day',
                Status: 'Enabled',
                ExpirationInDays: 1,
                AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
              },
            ],
          },
        },
      },
    },
  };
}

/** Makes the stack of the asset bucket and waits until it is there. Throws the cause where it fails. */
export async function makeAssetsStack(
  client: CloudFormationClient,
  spec: DeploymentSpec,
  signal: AbortSignal,
): Promise<void> {
  const name = assetsStackName(spec.run);
  const { CreateStackCommand } = await import('@aws-sdk/client-cloudformation');
  let id = name;
  try {
    const { StackId } = await client.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: JSON.stringify(assetsTemplate(spec.assetBucket)),
        Tags: stackTags(spec),
        // Destroyed like the rest, once its events have been read.
        OnFailure: 'DO_NOTHING',
        ClientRequestToken: name,
      }),
      { abortSignal: signal },
    );
    id = StackId ?? name;
  } catch (error) {
    // The answer to the first try may have been lost, and the second has met what that made.
    const made = error instanceof Error && error.name === 'AlreadyExistsException';
    const stack = made ? await findStack(client, name, signal) : null;
    if (tagOf(stack?.Tags, RUN_TAG) !== spec.run) throw error;
    id = stack?.StackId ?? name;
  }
  const status = await waitForStack(client, id, signal);
  if (status === 'CREATE_COMPLETE') return;
  const cause = await firstCause(client, id, signal);
  throw new ToolError(
    `the asset bucket ${spec.assetBucket} could not be made (${status ?? 'stack gone'})${cause === null ? '' : `: ${cause.reason}`}`,
  );
}
