import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { RemoteOptions } from '../../config/settings/remote.ts';
import type { AwsAccess } from '../../model/ports.ts';
import { type AwsTarget, createAwsTarget } from '../../targets/aws/aws-target.ts';
import { deploy } from '../../targets/aws/deployment/deploy.ts';
import { destroy, requestDestroy } from '../../targets/aws/deployment/destroy.ts';
import { listDeployments } from '../../targets/aws/deployment/list.ts';
import type { Deployments } from '../../targets/aws/deployments.ts';
import { remoteBackends } from './remote-backends.ts';
import type { LastWill } from './session-of.ts';

export interface OpenAws {
  access: AwsAccess;
  account: string;
  /** Whose the deployment is, where one is made. */
  run: string;
  remote: Pick<RemoteOptions, 'architecture' | 'expiresS' | 'keep'>;
  /** A deployment that is there already must live so long to be used. */
  neededS: number;
  supervisor: Supervisor;
  signal: AbortSignal;
  step(text: string): void;
  will: LastWill;
}

/** The target `aws` with the parts it is made of. */
export async function openAwsTarget(job: OpenAws): Promise<AwsTarget> {
  const { access, account, run, remote, neededS, supervisor, signal, step, will } = job;
  const { architecture, expiresS, keep } = remote;
  const target = createAwsTarget({
    access,
    signal,
    progress: step,
    settings: {
      run,
      account,
      architecture,
      createdAt: new Date(),
      // A sweep must not take it away from a run that is still on.
      expiresS: Math.max(expiresS, neededS),
    },
    keep,
    neededS,
    deployments: deploymentsWith(supervisor),
    backends: remoteBackends,
    seederFolder: () => supervisor.ownFolder('bench-seeder'),
  });
  will.ask = async () => {
    const { signal: unaborted } = new AbortController();
    await Promise.allSettled([
      target.takeBack(),
      target.goes() ? requestDestroy(run, { access, signal: unaborted }) : null,
    ]);
  };
  return target;
}

function deploymentsWith(supervisor: Supervisor): Deployments {
  return {
    list: listDeployments,
    deploy: (spec, context) => deploy(spec, { ...context, supervisor }),
    destroy,
  };
}
