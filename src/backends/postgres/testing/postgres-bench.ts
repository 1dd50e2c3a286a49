import type { Supervisor } from '../../../base/processes/supervisor.ts';
import { bundleKey, type Endpoint } from '../../../model/endpoint.ts';
import type { BackendContext, BackendInstance, HandlerArtifact } from '../../../model/ports.ts';
import { anEndpoint } from '../../../model/testing/an-endpoint.ts';
import { restApiEvent } from '../../shared/testing/events.ts';
import { type HandlerProcess, startHandler } from '../../shared/testing/handler-process.ts';
import { postgresBackend } from '../postgres-backend.ts';

export const DATA_LAYERS = ['pg', 'knex'];

export interface Body {
  data: unknown;
  errors?: { message: string; extensions: Record<string, string> }[];
}

/** The backend with bundled handlers and a cache of snapshots, for one test file. */
export interface PostgresBench {
  contextOf(own: Partial<BackendContext>): BackendContext;
  start(own: Partial<BackendContext>): Promise<BackendInstance>;
  /** A handler's process with the instance's environment and `own` variables. */
  handlerOf(
    instance: BackendInstance,
    endpoint: Endpoint,
    own?: Record<string, string>,
  ): Promise<HandlerProcess>;
}

export function endpointOf(
  variant: string,
  dataLayer = 'pg',
  dataset = 'x1',
  server = 'graphql-js',
): Endpoint {
  return anEndpoint({ backend: 'postgres', server, variant, dataLayer, dataset });
}

export function openPostgresBench(supervisor: Supervisor): PostgresBench {
  const cacheFolder = supervisor.ownFolder('bench-test-cache');
  const artifacts = new Map<string, Promise<HandlerArtifact>>();
  const contextOf = (own: Partial<BackendContext>): BackendContext => ({
    supervisor,
    endpoint: endpointOf('indexed'),
    options: { postgresUrl: null, postgresConnections: null },
    cacheFolder,
    progress() {},
    signal: new AbortController().signal,
    ...own,
  });
  return {
    contextOf,
    start: (own) => postgresBackend.start(contextOf(own)),
    async handlerOf(instance, endpoint, own = {}) {
      const key = bundleKey(endpoint);
      const artifact =
        artifacts.get(key) ??
        postgresBackend.bundle(endpoint, supervisor.ownFolder('bench-test-bundle'));
      artifacts.set(key, artifact);
      const environment = { ...instance.environment(endpoint), ...own };
      return await startHandler(supervisor, await artifact, environment);
    },
  };
}

/** The answer's body. */
export async function ask(
  handler: HandlerProcess,
  body: { query: string; variables?: object },
  traceHeader?: string,
): Promise<Body> {
  const { answer } = await handler.invoke(restApiEvent(body), traceHeader);
  return JSON.parse(answer.body) as Body;
}
