import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { dynamoBackend } from '../backends/dynamo/dynamo-backend.ts';
import { postgresBackend } from '../backends/postgres/postgres-backend.ts';
import { restBackend } from '../backends/rest/rest-backend.ts';
import { cacheFolder } from '../base/cache.ts';
import { UsageError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import { cloudwatchCollector } from '../collectors/cloudwatch/index.ts';
import { logsCollector } from '../collectors/logs/index.ts';
import { xrayCollector } from '../collectors/xray/index.ts';
import type { Offer } from '../config/expand-plan.ts';
import type { RunOptions } from '../config/run-options.ts';
import { findK6 } from '../engines/k6/find-k6.ts';
import { createK6Engine } from '../engines/k6/k6-engine.ts';
import { FRONTS } from '../model/endpoint.ts';
import type { OwnHandlers } from '../model/own-handler.ts';
import type { Backend, Target } from '../model/ports.ts';
import { REMOTE_BACKENDS } from '../model/remote-backend.ts';
import type { Fingerprint } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';
import type { Tools } from '../pipeline/types.ts';
import { LOCAL_FRONTS } from '../targets/local/fronts.ts';
import type { KnownEndpoint } from '../targets/url/look-up.ts';
import { awsAccess } from './remote/aws-access.ts';
import { version } from './version.ts';

/** The implementations, by name: what a new one adds its line to. */
export const BACKENDS = [
  dynamoBackend,
  postgresBackend,
  restBackend,
] as const satisfies readonly Backend[];
export const COLLECTORS = [xrayCollector, logsCollector, cloudwatchCollector];

/** What a plan is made of: what there is where it is to run. */
export interface Places {
  offer: Offer;
  backends: ReadonlyMap<string, Backend>;
  /** Of the target `url`. */
  endpoints: readonly KnownEndpoint[] | null;
  warnings: readonly Warning[];
}

/** The backends and fronts there are for a run, by its target. */
export async function placesOf(options: RunOptions): Promise<Places> {
  const { target, deployed, own } = options;
  if (deployed !== null) {
    const { lookUpEndpoints } = await import('../targets/url/look-up.ts');
    const { createDeployedBackends } = await import('../backends/deployed/deployed-backend.ts');
    const found = await lookUpEndpoints(deployed, {
      awsEndpoint: awsAccess(options.region).endpoint,
      owned: options.remote?.owned ?? false,
    });
    const { backends, warnings } = await createDeployedBackends(deployed, found.platforms);
    return {
      offer: { target, fronts: FRONTS, backends },
      backends,
      endpoints: found.endpoints,
      warnings: [...found.warnings, ...warnings],
    };
  }
  const { backends, warnings } =
    target === 'aws' ? { backends: backendsOnAws(own), warnings: [] } : await chosenBackends(own);
  const fronts = target === 'aws' ? FRONTS : LOCAL_FRONTS;
  return { offer: { target, fronts, backends }, backends, endpoints: null, warnings };
}

/** The backends there are for a run: ours, or that of the user's own handlers. */
async function chosenBackends(
  own: OwnHandlers | null,
): Promise<{ backends: ReadonlyMap<string, Backend>; warnings: readonly Warning[] }> {
  if (own === null) {
    return { backends: new Map(BACKENDS.map((backend) => [backend.name, backend])), warnings: [] };
  }
  const { createOwnBackend } = await import('../backends/own/own-backend.ts');
  const backend = await createOwnBackend(own);
  return { backends: new Map([[backend.name, backend]]), warnings: backend.warnings };
}

/** Those that can be put on AWS: what stands behind their handlers is a stack's, nothing starts here. */
function backendsOnAws(own: OwnHandlers | null): ReadonlyMap<string, Backend> {
  if (own !== null) {
    throw new UsageError(
      `${own.named.handler}: handlers of your own are not deployed, they run on this machine; deploy yours as you do and measure it with --target url`,
    );
  }
  const here = { environment: () => ({}), cpuUs: () => 0, stop: async () => {} };
  return new Map(
    BACKENDS.filter(({ name }) => REMOTE_BACKENDS.some((one) => one === name)).map((backend) => [
      backend.name,
      { ...backend, start: async () => here },
    ]),
  );
}

/** What k6 is looked for with. */
export function k6Request(supervisor: Supervisor, signal: AbortSignal) {
  return {
    supervisor,
    signal,
    env: process.env,
    cacheFolder: cacheFolder(process.env),
    progress: () => {},
  };
}

/** Finds k6 and opens the target. */
export async function toolsOf(job: {
  backends: ReadonlyMap<string, Backend>;
  /** Opens it; what it opened is closed with it. */
  target(): Promise<Target>;
  cpuMode: Fingerprint['cpuMode'];
  supervisor: Supervisor;
  signal: AbortSignal;
  step(text: string): void;
}): Promise<Tools> {
  const { supervisor, signal, step, backends } = job;
  step('looking for k6');
  const k6 = await findK6({ ...k6Request(supervisor, signal), progress: step });
  const fingerprint: Fingerprint = {
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    cpuMode: job.cpuMode,
    node: process.versions.node,
    k6: k6.version,
    k6Origin: k6.origin,
    tool: version(),
  };
  return {
    supervisor,
    target: await job.target(),
    engine: createK6Engine(k6),
    backends,
    collectors: COLLECTORS,
    fingerprint,
  };
}
