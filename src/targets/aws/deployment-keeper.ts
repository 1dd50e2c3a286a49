import type { DatasetSpec, DeploymentSpec, StackSpec } from '../../../deploy/stacks/spec.ts';
import { messageOf, ToolError } from '../../base/errors.ts';
import {
  type DeployedFunction,
  type Deployment,
  type Leftover,
  leftoverLines,
} from '../../model/deployment.ts';
import type { PreparedCell } from '../../model/ports.ts';
import type { DeploymentContext, RemoteBackends } from '../../model/remote-backend.ts';
import { addSeeders } from './add-seeders.ts';
import type { Deployments } from './deployments.ts';
import { fittingDeployment } from './find-deployment.ts';
import { type DeploymentSettings, specOf } from './spec-of.ts';

export interface KeeperOptions extends DeploymentContext {
  settings: Omit<DeploymentSettings, 'region' | 'kept'>;
  /** What this run deployed stays when it ends. */
  keep: boolean;
  /** A deployment that is there already must live so long to be used. */
  neededS: number;
  deployments: Deployments;
  backends: RemoteBackends;
  /** An empty folder for the code of seeders. */
  seederFolder(): string;
}

/** The deployment a run uses, from looking for one to its end. */
interface DeploymentKeeper {
  prepare(cells: readonly PreparedCell[]): Promise<void>;
  /** Throws where nothing was prepared. */
  deployment(): Deployment;
  /** Whether it is removed when the run ends. */
  goes(): boolean;
  /** Removes what is to go. Throws ToolError with what is left. */
  close(signal: AbortSignal): Promise<void>;
}

/** Finds a deployment that fits, else makes one; fills its data sets. */
export function createDeploymentKeeper(options: KeeperOptions): DeploymentKeeper {
  const { access, signal, settings, deployments, backends, progress, keep, neededS } = options;
  const context = { access, signal, progress };
  const { run } = settings;
  const removal = `bench destroy --run ${run} --region ${access.region}`;
  let used: Deployment | null = null;
  /** Something of this run's may stand in the account. */
  let begun = false;
  /** It was made and filled: worth to be kept. */
  let whole = false;

  async function made(spec: DeploymentSpec): Promise<Deployment> {
    await addSeeders(spec, backends, options.seederFolder());
    progress(`deploying ${run} to ${access.region}`);
    begun = true;
    return await deployments.deploy(spec, context);
  }

  return {
    async prepare(cells) {
      const spec = specOf(cells, backends, { ...settings, region: access.region, kept: keep });
      progress(`looking for a deployment in ${access.region}`);
      const all = await deployments.list(access, signal);
      signal.throwIfAborted();
      const fitting = fittingDeployment(all, spec, { nowMs: Date.now(), neededS });
      if (fitting !== null) progress(`using the deployment ${fitting.run}`);
      used = fitting ?? (await made(spec));
      for (const stack of spec.stacks) {
        signal.throwIfAborted();
        await backends[stack.backend].seed({
          ...context,
          deployment: used,
          asked: askedOf(stack, used),
        });
      }
      whole = true;
    },

    deployment() {
      if (used === null) throw new Error('nothing was deployed');
      return used;
    },

    // Half of one is nobody's wish.
    goes: () => begun && !(keep && whole),

    async close(unaborted) {
      if (!this.goes()) {
        if (begun) progress(`kept: remove it with ${removal}`);
        return;
      }
      progress(`removing ${run} from ${access.region}`);
      let left: Leftover[];
      try {
        left = await deployments.destroy(run, { ...context, signal: unaborted });
      } catch (error) {
        throw new ToolError(
          `what ${run} deployed to ${access.region} was not removed: ${messageOf(error)}\nremove it with: ${removal}`,
        );
      }
      begun = false;
      if (left.length === 0) return;
      const count = left.length === 1 ? 'one resource' : `${left.length} resources`;
      throw new ToolError(`${count} of ${run} could not be removed:\n${leftoverLines(left)}`);
    },
  };
}

/** Each data set with one function that asks it. */
function askedOf({ datasets, functions }: StackSpec, deployment: Deployment) {
  return datasets.map((dataset): { dataset: DatasetSpec; function: DeployedFunction } => {
    const spec = functions.find(
      (one) => one.dataset.name === dataset.name && one.dataset.indexed === dataset.indexed,
    );
    const found = deployment.functions.find(({ key }) => key === spec?.key);
    if (found === undefined) {
      throw new ToolError(`the deployment ${deployment.run} has no function ${spec?.key}`);
    }
    return { dataset, function: found };
  });
}
