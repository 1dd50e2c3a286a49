import type { BackendName, DatasetSpec, SeederSpec } from '../../deploy/stacks/spec.ts';
import type { DeployedFunction, Deployment } from './deployment.ts';
import type { Endpoint } from './endpoint.ts';
import type { AwsAccess } from './ports.ts';

/** Backends that can be put on AWS. */
export const REMOTE_BACKENDS = ['dynamo', 'postgres'] as const satisfies BackendName[];

/** How each step of a deployment is asked: what it says, and what ends it. */
export interface DeploymentContext {
  access: AwsAccess;
  signal: AbortSignal;
  progress(text: string): void;
}

/** What is to be filled, once: data sets with a function that asks each of them. */
export interface SeedJob extends DeploymentContext {
  deployment: Deployment;
  asked: readonly { dataset: DatasetSpec; function: DeployedFunction }[];
}

/** What a backend is on AWS, as far as its stack does not know. */
export interface RemoteBackend {
  /** The data set an endpoint asks, as it is to lie in the backend. */
  dataset(endpoint: Endpoint): DatasetSpec;
  /** Variables of its handler, beside those of the stack. No secrets: they stand in the template. */
  environment(endpoint: Endpoint): Record<string, string>;
  /** The function that fills it from inside, put into `folder`, which is empty; null: none is needed. */
  seeder(folder: string): Promise<Omit<SeederSpec, 'name'> | null>;
  /** Fills what is not yet filled. Throws ToolError where it cannot. */
  seed(job: SeedJob): Promise<void>;
}

export type RemoteBackends = Readonly<Record<BackendName, RemoteBackend>>;
