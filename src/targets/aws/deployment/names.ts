import type { DeploymentSpec } from '../../../../deploy/stacks/spec.ts';

/** Tags of every stack, and so of every resource: what is ours, and until when. */
export const RUN_TAG = 'graphql-lambda-bench:run';
export const CREATED_TAG = 'graphql-lambda-bench:created';
export const EXPIRES_TAG = 'graphql-lambda-bench:expires';

/** Before the name of everything a run deploys: `bench-20261120-191500-x7f2-`. */
export function namePrefix(run: string): string {
  return `bench-${run}-`;
}

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
  spec: Pick<DeploymentSpec, 'run' | 'createdAt' | 'expiresAt'>,
): { Key: string; Value: string }[] {
  return [
    { Key: RUN_TAG, Value: spec.run },
    { Key: CREATED_TAG, Value: spec.createdAt },
    { Key: EXPIRES_TAG, Value: spec.expiresAt },
  ];
}
