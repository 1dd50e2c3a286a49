import { UsageError } from '../../base/errors.ts';
import type { DeployedEndpoints } from '../../model/deployed-endpoint.ts';
import type { Backend, DeployedOn } from '../../model/ports.ts';
import type { BundleFacts } from '../../model/run.ts';
import type { Warning } from '../../model/warning.ts';
import { readAsked } from '../asked/read-asked.ts';

/** There is none to bundle: what is deployed is measured as it is. */
const NO_CODE: BundleFacts = {
  backend: '',
  dataLayer: null,
  server: '',
  batching: false,
  revision: null,
  bytes: 0,
  gzipBytes: null,
  load: null,
  init: null,
  sha256: '',
};

/**
 * Endpoints that the user deployed, each as a backend of its own by its name: nothing is started or
 * bundled, operations and variables are the user's. `known`: what each runs on, by name. Throws
 * UsageError as for own handlers.
 */
export async function createDeployedBackends(
  deployed: DeployedEndpoints,
  known: ReadonlyMap<string, DeployedOn>,
): Promise<{ backends: ReadonlyMap<string, Backend>; warnings: readonly Warning[] }> {
  const { load, dataset, warnings } = await readAsked(deployed);
  const backends = deployed.endpoints.map(({ name, named }): Backend => {
    const on = known.get(name);
    if (on === undefined) throw new UsageError(`${named}: nothing is known of it`);
    return {
      name,
      servers: [],
      datasets: [dataset],
      variants: [],
      dataLayers: [],
      batching: [false],
      operations: load.map(({ name: operation, weight }) => ({ name: operation, weight })),
      deployed: on,
      instanceKey: () => name,
      start: async () => ({
        environment: () => ({}),
        cpuUs: () => 0,
        stop: async () => {},
      }),
      bundle: async (_, folder) => ({ folder, file: '', exportName: '', facts: NO_CODE }),
      feeds: async () => load,
    };
  });
  return { backends: new Map(backends.map((one) => [one.name, one])), warnings };
}
