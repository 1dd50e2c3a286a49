import { isLoopback } from '../../aws/clients.ts';
import { settlingMs } from '../../aws/renew-function.ts';
import { messageOf, ToolError } from '../../base/errors.ts';
import type { DeployedFunction, Deployment } from '../../model/deployment.ts';
import {
  functionOf,
  type PreparedCell,
  type ProvisionedEndpoint,
  type Target,
} from '../../model/ports.ts';
import type { InitSample } from '../../model/trial.ts';
import { deployedKey } from './deployed-key.ts';
import { createDeploymentKeeper, type KeeperOptions } from './deployment-keeper.ts';
import { addressOf } from './front-address.ts';
import { measureInit } from './measure-init.ts';
import { renewed, reserve, type TrialConcurrency, takeBack } from './trial-concurrency.ts';

/** Each takes a change of the function and its settling: 7 to 10 s on AWS. */
const MOST_INITS = 3;
/** Until routes, permissions and roles are known everywhere; mostly seconds. A stand-in knows at once. */
const PATIENCE_MS = 90_000;
/** What a run that was killed may have left on a function. */
const LEFT_BEHIND: TrialConcurrency = { provisioned: 1, reserved: 1 };

/** What is known of an endpoint beside its address; copies of it share it. */
interface EndpointState {
  concurrency: TrialConcurrency;
  /** Since its last trial. */
  initsMeasured: number;
  /** That it is fewer than were asked for. */
  saidFew: boolean;
}

export interface AwsTarget extends Target {
  prepare(cells: readonly PreparedCell[]): Promise<void>;
  /** What `prepare` found or made. */
  deployment(): Deployment;
  /** Whether what was deployed goes when it is closed. */
  goes(): boolean;
  /** Has what costs while it stands go, the deployment aside: for who leaves at once. Never throws. */
  takeBack(): Promise<void>;
}

type AwsEndpoint = ProvisionedEndpoint & { state: EndpointState };

/**
 * Functions, fronts and backends in an AWS account: all of a run is deployed at once, or found where a
 * run before left it, and goes in the end where this run made it.
 */
export function createAwsTarget(options: KeeperOptions): AwsTarget {
  const { access, signal, settings, progress } = options;
  const settleMs = settlingMs(access);
  const keeper = createDeploymentKeeper(options);
  /** What trials put and did not yet take back, by function. */
  const put = new Map<string, { endpoint: ProvisionedEndpoint; concurrency: TrialConcurrency }>();
  /** Functions that were there before and have been looked after. */
  const cleared = new Set<string>();

  async function takenBack(endpoint: ProvisionedEndpoint, within: AbortSignal): Promise<void> {
    const known = functionOf(endpoint);
    const entry = put.get(known.functionName);
    if (entry === undefined) return;
    await takeBack(known, entry.concurrency, within);
    put.delete(known.functionName);
  }

  /** All of it, and what that failed with. */
  async function allTakenBack(): Promise<unknown[]> {
    // Its own: after Ctrl-C the run's is aborted, and this is what has to happen then.
    const { signal: unaborted } = new AbortController();
    const all = [...put.values()].map(({ endpoint }) => takenBack(endpoint, unaborted));
    const taken = await Promise.allSettled(all);
    return taken.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  }

  return {
    name: 'aws',
    patienceMs: isLoopback(access) ? 0 : PATIENCE_MS,

    prepare: (cells) => keeper.prepare(cells),

    deployment: () => keeper.deployment(),

    goes: () => keeper.goes(),

    takeBack: async () => void (await allTakenBack()),

    async provision(cell): Promise<AwsEndpoint> {
      const { endpoint } = cell;
      const found = deployedFunction(
        keeper.deployment(),
        deployedKey(endpoint, settings.architecture),
      );
      const made: AwsEndpoint = {
        ...addressOf(found, endpoint.front, access),
        headers: {},
        front: endpoint.front,
        memoryMb: found.memoryMb,
        functionName: found.name,
        qualifier: found.qualifier,
        logGroup: found.logGroup,
        traced: true,
        aws: access,
        state: {
          concurrency: {
            provisioned: endpoint.provisionedConcurrency,
            reserved: endpoint.reservedConcurrency,
          },
          initsMeasured: 0,
          saidFew: false,
        },
      };
      // `endTrial`, which follows, takes it back: it costs, or holds the load back.
      if (!keeper.goes() && !cleared.has(found.name)) {
        cleared.add(found.name);
        put.set(found.name, { endpoint: made, concurrency: LEFT_BEHIND });
      }
      return made;
    },

    async measureInits(endpoint, count): Promise<InitSample[]> {
      const state = stateOf(endpoint);
      const known = functionOf(endpoint);
      const allowed = Math.min(count, MOST_INITS - state.initsMeasured);
      if (allowed < count && !state.saidFew) {
        state.saidFew = true;
        progress(`measuring ${MOST_INITS} initialisations: on AWS each takes some seconds`);
      }
      const samples: InitSample[] = [];
      for (let i = 0; i < allowed; i += 1) {
        state.initsMeasured += 1;
        const initMs = await measureInit(known, { settleMs, signal });
        // What loading the module takes of it, Lambda does not tell.
        if (initMs !== null) samples.push({ initMs, loadMs: null });
      }
      return samples;
    },

    async measureInitRate() {
      return null;
    },

    async renewEnvironments(endpoint, within) {
      await renewed(functionOf(endpoint), stateOf(endpoint).concurrency, {
        settleMs,
        signal: within,
      });
    },

    async beginTrial(endpoint) {
      const known = functionOf(endpoint);
      const { concurrency } = stateOf(endpoint);
      await takenBack(endpoint, signal);
      if (concurrency.provisioned > 0 || concurrency.reserved !== null) {
        put.set(known.functionName, { endpoint, concurrency });
      }
      if (concurrency.reserved !== null) await reserve(known, concurrency.reserved, signal);
      await renewed(known, concurrency, { settleMs, signal });
    },

    async endTrial(endpoint) {
      stateOf(endpoint).initsMeasured = 0;
      await takenBack(endpoint, signal);
      return null;
    },

    async close() {
      const { signal: unaborted } = new AbortController();
      // Of a trial that failed. First of all, since provisioned concurrency costs while it stands.
      const problems = await allTakenBack();
      const goes = keeper.goes();
      await keeper.close(unaborted).then(
        // It went with its function.
        () => goes && problems.splice(0),
        (error: unknown) => problems.push(error),
      );
      if (problems.length > 0) throw together(problems);
    },
  };
}

function deployedFunction(deployment: Deployment, key: string): DeployedFunction {
  const found = deployment.functions.find((one) => one.key === key);
  if (found === undefined) {
    throw new ToolError(
      `the deployment ${deployment.run} has no function ${key}: was it changed? Remove it with bench destroy --run ${deployment.run}`,
    );
  }
  return found;
}

function stateOf(endpoint: ProvisionedEndpoint): EndpointState {
  const { state } = endpoint as Partial<AwsEndpoint>;
  if (state === undefined) throw new Error(`${endpoint.url} was not provisioned on aws`);
  return state;
}

/** One problem as it is; of several the words of all. */
function together(problems: readonly unknown[]): unknown {
  const [only, ...others] = problems;
  if (others.length === 0) return only;
  return new ToolError(problems.map(messageOf).join('\n'));
}
