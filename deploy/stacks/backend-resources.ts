import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IDependable } from 'constructs';
import type { FunctionSpec } from './spec.ts';

/** What a backend's resources mean to one function of its stack. */
export interface FunctionAccess {
  /** Beside what the specification says. Goes into the template: no secrets. */
  environment: Record<string, string>;
  /** What the function's role may do to the backend, and to be in its network. */
  statements: iam.PolicyStatement[];
  /** null: outside of any VPC. */
  network: Pick<lambda.FunctionOptions, 'vpc' | 'vpcSubnets' | 'securityGroups'> | null;
  /** Made before the function, and deleted after it. */
  after: IDependable[];
}

/**
 * The resources of a backend in its stack: `dynamo.ts` and `postgres/` each have one function
 * `(stack, stackSpec, spec) => BackendResources`, which adds outputs of its own, too.
 */
export interface BackendResources {
  accessOf(of: FunctionSpec): FunctionAccess;
}
