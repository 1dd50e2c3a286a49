import type { Deployment } from '../../../model/deployment.ts';
import type { Endpoint } from '../../../model/endpoint.ts';
import type { BackendInstance, HandlerArtifact, PreparedCell } from '../../../model/ports.ts';
import type { RemoteBackend, RemoteBackends, SeedJob } from '../../../model/remote-backend.ts';
import type { LoadProfile } from '../../../model/scenario.ts';
import { anEndpoint } from '../../../model/testing/an-endpoint.ts';

export const RUN = '20261120-191500-x7f2';

export function anArtifact(folder = '/code', sha256 = 'ab'.repeat(32)): HandlerArtifact {
  return {
    folder,
    file: 'index.cjs',
    exportName: 'handler',
    facts: {
      backend: 'dynamo',
      dataLayer: null,
      server: 'apollo',
      batching: false,
      revision: null,
      bytes: 1,
      gzipBytes: null,
      load: null,
      init: null,
      sha256,
    },
  };
}

const NOTHING_LOCAL: BackendInstance = {
  environment: () => ({}),
  cpuUs: () => 0,
  stop: async () => {},
};

/** A cell of the reference endpoint with what a test wants different. */
export function aPreparedCell(
  own: Partial<Endpoint> = {},
  profile: LoadProfile = { kind: 'users', users: 1, overS: 1 },
  artifact = anArtifact(),
): PreparedCell {
  const endpoint = anEndpoint(own);
  return {
    cell: { id: `${endpoint.backend}-${endpoint.memoryMb}-${endpoint.front}`, endpoint, profile },
    artifact,
    backend: NOTHING_LOCAL,
  };
}

/** Backends that write down what they were to fill. */
export function recordingBackends(seeded: string[]): RemoteBackends {
  const backend = (indexed: boolean): RemoteBackend => ({
    dataset: ({ dataset }) => ({ name: dataset, indexed }),
    environment: () => ({ OWN: 'yes' }),
    seeder: async (folder) => (indexed ? { codeFolder: folder, handler: 'index.handler' } : null),
    seed: async ({ asked, deployment }: SeedJob) => {
      for (const one of asked) seeded.push(`${one.dataset.name} by ${one.function.key}`);
      seeded.push(deployment.run);
    },
  });
  return { dynamo: backend(false), postgres: backend(true) };
}

export function aDeployment(own: Partial<Deployment> = {}): Deployment {
  return {
    run: RUN,
    region: 'us-east-1',
    createdAt: '2026-11-20T19:15:00.000Z',
    expiresAt: '2099-11-20T19:15:00.000Z',
    kept: true,
    stacks: [{ name: `bench-${RUN}-dynamo`, status: 'CREATE_COMPLETE' }],
    functions: [],
    ...own,
  };
}
