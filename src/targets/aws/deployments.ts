import type { DeploymentSpec } from '../../../deploy/stacks/spec.ts';
import type { Deployment, Leftover } from '../../model/deployment.ts';
import type { AwsAccess } from '../../model/ports.ts';
import type { DeploymentContext } from '../../model/remote-backend.ts';

/** What makes, finds and removes stacks: src/targets/aws/deployment. */
export interface Deployments {
  list(access: AwsAccess, signal: AbortSignal): Promise<Deployment[]>;
  deploy(spec: DeploymentSpec, context: DeploymentContext): Promise<Deployment>;
  /** Everything of a run, and what of it is left; resolves with none where there was nothing. */
  destroy(run: string, context: DeploymentContext): Promise<Leftover[]>;
}
