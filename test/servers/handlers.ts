import { dynamoBackend } from '../../src/backends/dynamo/dynamo-backend.ts';
import { postgresBackend } from '../../src/backends/postgres/postgres-backend.ts';
import { restBackend } from '../../src/backends/rest/rest-backend.ts';
import { REFERENCE_API } from '../../src/backends/shared/reference-api.ts';
import { type Daemon, startDaemon } from '../../src/backends/shared/testing/daemon.ts';
import {
  type HandlerProcess,
  startHandler,
} from '../../src/backends/shared/testing/handler-process.ts';
import { createSupervisor } from '../../src/base/processes/supervisor.ts';
import { bundleKey, type Endpoint } from '../../src/model/endpoint.ts';
import type { Backend, BackendInstance, HandlerArtifact } from '../../src/model/ports.ts';
import type { LoadOperation } from '../../src/model/scenario.ts';
import { anEndpoint } from '../../src/model/testing/an-endpoint.ts';

/** The same requests go through every server, with and without batching, over each of these. */
export const BACKENDS: readonly Backend[] = [dynamoBackend, postgresBackend, restBackend];

/** Handlers in processes of their own, each over a backend that runs. */
export interface Handlers {
  /** Every server, with and without batching, over the first way of every backend; by their names. */
  readonly all: ReadonlyMap<string, HandlerProcess>;
  readonly operations: readonly LoadOperation[];
  readonly daemon: Daemon;
  /** One more, to be stopped by who asked for it. */
  start(
    backend: Backend,
    endpoint: Endpoint,
    environment?: Record<string, string>,
  ): Promise<HandlerProcess>;
  close(): Promise<void>;
}

export async function startHandlers(): Promise<Handlers> {
  const supervisor = createSupervisor();
  const { signal } = new AbortController();
  const cacheFolder = supervisor.ownFolder('bench-test-cache');
  const instances = new Map<string, Promise<BackendInstance>>();
  const artifacts = new Map<string, Promise<HandlerArtifact>>();
  const [daemon, operations] = await Promise.all([startDaemon(), REFERENCE_API.feeds('x1')]);

  function startBackend(backend: Backend, endpoint: Endpoint): Promise<BackendInstance> {
    const options = { postgresUrl: null, postgresConnections: null };
    return backend.start({ supervisor, endpoint, options, cacheFolder, progress() {}, signal });
  }

  const start: Handlers['start'] = async (backend, endpoint, environment = {}) => {
    const key = `${backend.name} ${backend.instanceKey(endpoint)}`;
    const instance = await once(instances, key, () => startBackend(backend, endpoint));
    const artifact = await once(artifacts, bundleKey(endpoint), () =>
      backend.bundle(endpoint, supervisor.ownFolder('bench-test')),
    );
    return await startHandler(supervisor, artifact, {
      ...instance.environment(endpoint),
      AWS_XRAY_DAEMON_ADDRESS: daemon.address,
      ...environment,
    });
  };

  const all = await Promise.all(
    firstWays().map(async ({ backend, endpoint }) => {
      return [bundleKey(endpoint), await start(backend, endpoint)] as const;
    }),
  );
  return {
    all: new Map(all),
    operations,
    daemon,
    start,
    async close() {
      for (const [, handler] of all) await handler.stop();
      for (const instance of instances.values()) await (await instance).stop();
      daemon.close();
      await supervisor.close();
    },
  };
}

function firstWays(): { backend: Backend; endpoint: Endpoint }[] {
  return BACKENDS.flatMap((backend) => {
    const [way] = waysOf(backend);
    return REFERENCE_API.servers.flatMap((server) =>
      REFERENCE_API.batching.map((batching) => ({
        backend,
        endpoint: anEndpoint({ backend: backend.name, ...way, server, batching }),
      })),
    );
  });
}

/** Every variant with every data layer; the first is what one gets who says nothing. */
export function waysOf(backend: Backend): Pick<Endpoint, 'variant' | 'dataLayer'>[] {
  return orNull(backend.variants.map(({ name }) => name)).flatMap((variant) =>
    orNull(backend.dataLayers).map((dataLayer) => ({ variant, dataLayer })),
  );
}

function orNull<T>(some: readonly T[]): (T | null)[] {
  return some.length === 0 ? [null] : [...some];
}

/** What is under the key, made by the first who asks. */
function once<Made>(
  known: Map<string, Promise<Made>>,
  key: string,
  make: () => Promise<Made>,
): Promise<Made> {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}
