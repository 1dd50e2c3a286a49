import { randomBytes } from 'node:crypto';
import { extname, join } from 'node:path';
import { processCpuUs } from '../../base/processes/cpu-time.ts';
import type { Backend, BackendContext, BackendInstance } from '../../model/ports.ts';
import { bundleOver, datasetName, REFERENCE_API } from '../shared/reference-api.ts';

/** Beside this file, as TypeScript in the clone and as JavaScript in the package. */
const SERVICE = join(import.meta.dirname, 'service', `process${extname(import.meta.filename)}`);

/** An HTTP service with JSON, in a process of its own behind a bearer token. */
export const restBackend: Backend = {
  ...REFERENCE_API,
  name: 'rest',
  variants: [],
  dataLayers: [],
  instanceKey: ({ dataset }) => dataset,
  start,
  bundle: bundleOver(() => 'rest'),
};

async function start(context: BackendContext): Promise<BackendInstance> {
  const { supervisor, endpoint, progress, signal } = context;
  const dataset = datasetName(endpoint.dataset);
  progress('starting the service');
  const { startServerProcess } = await import('../../databases/server-process.ts');
  const token = randomBytes(32).toString('base64url');
  const service = await startServerProcess({
    supervisor,
    name: 'the REST service',
    entry: SERVICE,
    env: { REST_DATASET: dataset, REST_TOKEN: token },
  });
  if (signal.aborted) {
    await service.stop();
    signal.throwIfAborted();
  }
  return {
    environment: () => ({ REST_URL: service.endpoint, REST_TOKEN: token }),
    cpuUs: () => processCpuUs(service.pid),
    failure: service.ended,
    stop: () => service.stop(),
  };
}
