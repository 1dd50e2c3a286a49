import { dynamoBackend } from '../backends/dynamo/dynamo-backend.ts';
import { postgresBackend } from '../backends/postgres/postgres-backend.ts';
import { restBackend } from '../backends/rest/rest-backend.ts';
import { UsageError } from '../base/errors.ts';
import type { Offer } from '../config/expand-plan.ts';
import type { RunOptions } from '../config/run-options.ts';
import { FRONTS } from '../model/endpoint.ts';
import type { OwnHandlers } from '../model/own-handler.ts';
import type { Backend } from '../model/ports.ts';
import { REMOTE_BACKENDS } from '../model/remote-backend.ts';
import type { Warning } from '../model/warning.ts';
import { LOCAL_FRONTS } from '../targets/local/fronts.ts';
import type { KnownEndpoint } from '../targets/url/look-up.ts';
import { awsAccess } from './remote/aws-access.ts';

/** The backends: what a new one adds its line to. */
export const BACKENDS = [
  dynamoBackend,
  postgresBackend,
  restBackend,
] as const satisfies readonly Backend[];

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
