import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import type {
  Backend,
  BackendInstance,
  HandlerArtifact,
  ProvisionedEndpoint,
} from '../model/ports.ts';
import type { BundleFacts, Cell, Plan } from '../model/run.ts';
import type { LoadOperation } from '../model/scenario.ts';
import { smokeTest } from './smoke-test.ts';
import type { RunSink, Tools } from './types.ts';

/** A cell whose endpoint answers rightly. */
export interface LiveCell {
  cell: Cell;
  endpoint: ProvisionedEndpoint;
  operations: LoadOperation[];
  backend: BackendInstance;
}

export interface Provisioned {
  cells: LiveCell[];
  bundles: BundleFacts[];
}

/**
 * Starts each backend once per data set, bundles each handler once, provisions every endpoint and
 * asks each one question, so that a handler that cannot answer stops the run before any load.
 */
export async function provision(
  plan: Plan,
  tools: Tools,
  sink: RunSink,
  signal: AbortSignal,
): Promise<Provisioned> {
  const workFolder = tools.supervisor.ownFolder('bench-deploy');
  const instances = new Map<string, Promise<BackendInstance>>();
  const artifacts = new Map<string, Promise<HandlerArtifact>>();
  const feeds = new Map<string, Promise<LoadOperation[]>>();
  const cells: LiveCell[] = [];
  for (const cell of plan.cells) {
    const { endpoint } = cell;
    const backend = backendOf(tools, endpoint.backend);
    const data = `${endpoint.backend}-${endpoint.dataset}`;
    const instance = await once(instances, data, () =>
      startBackend(backend, endpoint.dataset, tools.supervisor, sink, signal),
    );
    const artifact = await once(artifacts, `${endpoint.backend}-${endpoint.server}`, (key) => {
      sink({ kind: 'step', text: `bundling the handler ${key}` });
      const folder = join(workFolder, key);
      mkdirSync(folder);
      return backend.bundle(endpoint, folder);
    });
    const operations = await once(feeds, data, () => backend.operations(endpoint.dataset));
    sink({ kind: 'step', text: `provisioning ${cell.id}` });
    const provisioned = await tools.target.provision(cell, artifact, instance);
    await smokeTest(cell, provisioned, operations, signal);
    // One cell is live at a time, and none before its trial.
    await tools.target.endTrial(provisioned);
    cells.push({ cell, endpoint: provisioned, operations, backend: instance });
  }
  const bundles = await Promise.all(artifacts.values());
  return { cells, bundles: bundles.map((artifact) => artifact.facts) };
}

function backendOf(tools: Tools, name: string): Backend {
  const backend = tools.backends.get(name);
  if (backend === undefined)
    throw new ToolError(`the plan names the backend "${name}", which is not here`);
  return backend;
}

function startBackend(
  backend: Backend,
  dataset: string,
  supervisor: Supervisor,
  sink: RunSink,
  signal: AbortSignal,
): Promise<BackendInstance> {
  sink({ kind: 'step', text: `starting ${backend.name} with ${dataset}` });
  const progress = (text: string) => sink({ kind: 'step', text: `${backend.name}: ${text}` });
  return backend.start({ supervisor, dataset, progress, signal });
}

function once<T>(
  made: Map<string, Promise<T>>,
  key: string,
  make: (key: string) => Promise<T>,
): Promise<T> {
  const known = made.get(key) ?? make(key);
  made.set(key, known);
  return known;
}
