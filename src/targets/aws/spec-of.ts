import type {
  BackendName,
  DatasetSpec,
  DeploymentSpec,
  FrontName,
  FunctionSpec,
  StackSpec,
} from '../../../deploy/stacks/spec.ts';
import { UsageError } from '../../base/errors.ts';
import { namePrefix } from '../../model/deployment.ts';
import { FRONTS, functionSettings } from '../../model/endpoint.ts';
import type { HandlerArtifact, PreparedCell } from '../../model/ports.ts';
import { REMOTE_BACKENDS, type RemoteBackends } from '../../model/remote-backend.ts';
import { deployedKey } from './deployed-key.ts';
import { assetBucket, stackName } from './deployment/names.ts';
import { throttleOf } from './throttle.ts';

/** What a deployment is made for beside its cells. */
export interface DeploymentSettings {
  /** Id of the run. */
  run: string;
  account: string;
  region: string;
  architecture: DeploymentSpec['architecture'];
  createdAt: Date;
  expiresS: number;
  kept: boolean;
}

/** Lines are collected after each trial; a day later nobody reads them. */
const LOG_RETENTION_DAYS = 3;
/** Lambda's limit for names. */
const LONGEST_NAME = 64;

type DeployedCell = Pick<PreparedCell, 'cell' | 'artifact'>;

/**
 * What the cells need, one stack per backend and one function per `deployedKey`, in the order they are
 * first met; without the seeders. Throws UsageError for a backend or a front that AWS cannot be given.
 */
export function specOf(
  cells: readonly DeployedCell[],
  backends: RemoteBackends,
  settings: DeploymentSettings,
): DeploymentSpec {
  const { run, account, region, createdAt, expiresS, kept, architecture } = settings;
  const stacks = new Map<BackendName, StackSpec>();
  let count = 0;
  for (const { cell, artifact } of cells) {
    const { endpoint } = cell;
    const backend = backendOf(endpoint.backend);
    const stack: StackSpec = stacks.get(backend) ?? {
      backend,
      name: stackName(run, backend),
      datasets: [],
      functions: [],
      seeder: null,
    };
    stacks.set(backend, stack);
    const dataset = backends[backend].dataset(endpoint);
    if (!stack.datasets.some((one) => isSame(one, dataset))) stack.datasets.push(dataset);
    const key = deployedKey(endpoint, architecture);
    const front = frontOf(endpoint.front);
    const known = stack.functions.find((one) => one.key === key);
    if (known !== undefined) {
      if (!known.fronts.includes(front)) known.fronts.push(front);
      continue;
    }
    stack.functions.push({
      ...functionSettings(endpoint),
      key,
      name: functionName(run, count, key),
      codeFolder: artifact.folder,
      handler: handlerOf(artifact),
      codeSha256: artifact.facts.sha256,
      dataset,
      environment: backends[backend].environment(endpoint),
      fronts: [front],
      alias: endpoint.provisionedConcurrency > 0,
      streams: endpoint.responseStreaming,
    } satisfies FunctionSpec);
    count += 1;
  }
  return {
    version: 1,
    run,
    account,
    region,
    createdAt: createdAt.toISOString(),
    expiresAt: new Date(createdAt.getTime() + expiresS * 1000).toISOString(),
    kept,
    assetBucket: assetBucket(run, account, region),
    architecture,
    logRetentionDays: LOG_RETENTION_DAYS,
    throttle: throttleOf(cells.map(({ cell }) => cell.profile)),
    stacks: [...stacks.values()],
  };
}

/** Throws UsageError for one that AWS cannot be given. */
export function backendOf(name: string): BackendName {
  const found = REMOTE_BACKENDS.find((one) => one === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `--backend: the target aws has no ${name}; choose from ${REMOTE_BACKENDS.join(', ')}`,
  );
}

function frontOf(name: string): FrontName {
  const found = FRONTS.find((one) => one === name);
  if (found === undefined) throw new UsageError(`--front: the target aws has no ${name}`);
  return found;
}

function isSame(a: DatasetSpec, b: DatasetSpec): boolean {
  return a.name === b.name && a.indexed === b.indexed;
}

/** `bench-<run>-<n>-<key>`: unique by its number, readable as far as there is room. */
function functionName(run: string, index: number, key: string): string {
  const whole = `${namePrefix(run)}${index}-${key}`;
  if (whole.length <= LONGEST_NAME) return whole;
  // Half a part would be another: `x10` of `x100`.
  return whole.slice(0, LONGEST_NAME + 1).replace(/-[^-]*$/, '');
}

/** As Lambda has it: the file without its extension, and the export. */
function handlerOf({ file, exportName }: HandlerArtifact): string {
  return `${file.replace(/\.[^./]+$/, '')}.${exportName}`;
}
