import type { DeploymentSpec } from '../../../../deploy/stacks/spec.ts';
import { namePrefix } from '../../../model/deployment.ts';

/** Tags of every stack, and so of every resource: what is ours, until when, and whether others may use it. */
export const RUN_TAG = 'graphql-lambda-bench:run';
export const CREATED_TAG = 'graphql-lambda-bench:created';
export const EXPIRES_TAG = 'graphql-lambda-bench:expires';
export const KEPT_TAG = 'graphql-lambda-bench:kept';

/** `bench-<run>-dynamo` */
export function stackName(run: string, backend: string): string {
  return `${namePrefix(run)}${backend}`;
}

/** The stack that holds the asset bucket alone. */
export function assetsStackName(run: string): string {
  return stackName(run, 'assets');
}

/** At most 63 characters, as S3 demands; of no other account's or region's. */
export function assetBucket(run: string, account: string, region: string): string {
  return `${namePrefix(run)}${account}-${region}`;
}

export function stackTags(
  spec: Pick<DeploymentSpec, 'run' | 'createdAt' | 'expiresAt' | 'kept'>,
): { Key: string; Value: string }[] {
  return [
    { Key: RUN_TAG, Value: spec.run },
    { Key: CREATED_TAG, Value: spec.createdAt },
    { Key: EXPIRES_TAG, Value: spec.expiresAt },
    { Key: KEPT_TAG, Value: String(spec.kept) },
  ];
}
