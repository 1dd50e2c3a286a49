import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../base/errors.ts';
import { bundleKey, type Endpoint } from '../model/endpoint.ts';
import type { Backend, BackendInstance, HandlerArtifact, PreparedCell } from '../model/ports.ts';
import type { Plan } from '../model/run.ts';
import type { LoadOperation } from '../model/scenario.ts';
import type { RunSettings, RunSink, Tools } from './types.ts';

export interface PrepareJob {
  plan: Plan;
  tools: Pick<Tools, 'supervisor' | 'backends'>;
  settings: Pick<RunSettings, 'backendOptions' | 'cacheFolder' | 'baseCode'>;
  sink: RunSink;
  signal: AbortSignal;
  /** Hears of each backend that is up: it is the caller's to stop, also where preparing fails. */
  started?(instance: BackendInstance): void;
}

/** A cell whose backend is up and whose handler is bundled. */
export interface Prepared extends PreparedCell {
  operations: LoadOperation[];
}

/** Starts each backend once per instance it needs, and bundles each handler once. */
export async function prepareCells(job: PrepareJob): Promise<Prepared[]> {
  const { plan, tools, settings, sink, signal } = job;
  const workFolder = tools.supervisor.ownFolder('bench-deploy');
  const instances = new Map<string, Promise<BackendInstance>>();
  const artifacts = new Map<string, Promise<HandlerArtifact>>();
  const feeds = new Map<string, Promise<LoadOperation[]>>();
  const prepared: Prepared[] = [];
  for (const cell of plan.cells) {
    // Not every step below hears of the signal.
    signal.throwIfAborted();
    const { endpoint } = cell;
    const backend = backendOf(tools.backends, endpoint.backend);
    const instance = await once(instances, `${backend.name} ${backend.instanceKey(endpoint)}`, () =>
      startBackend(job, backend, endpoint),
    );
    const artifact = await once(artifacts, bundleKey(endpoint), (key) => {
      if (backend.deployed === undefined) {
        sink({ kind: 'step', text: `bundling the handler ${key}` });
      }
      const folder = join(workFolder, key);
      mkdirSync(folder);
      const { baseCode } = settings;
      return endpoint.revision === 'base' && baseCode !== null
        ? baseCode.bundle(backend, endpoint, folder)
        : backend.bundle(endpoint, folder);
    });
    const operations = await once(feeds, `${backend.name} ${endpoint.dataset}`, async () =>
      weighted(await backend.feeds(endpoint.dataset), plan),
    );
    prepared.push({ cell, artifact, backend: instance, operations });
  }
  await settings.baseCode?.close();
  return prepared;
}

/** Throws ToolError for one that is not here. */
export function backendOf(backends: Tools['backends'], name: string): Backend {
  const backend = backends.get(name);
  if (backend === undefined)
    throw new ToolError(`the plan names the backend "${name}", which is not here`);
  return backend;
}

async function startBackend(
  job: PrepareJob,
  backend: Backend,
  endpoint: Endpoint,
): Promise<BackendInstance> {
  const { tools, settings, sink, signal } = job;
  const { supervisor } = tools;
  const { backendOptions: options, cacheFolder } = settings;
  if (backend.deployed === undefined) {
    sink({ kind: 'step', text: `starting ${backend.name} with ${endpoint.dataset}` });
  }
  const progress = (text: string) => sink({ kind: 'step', text: `${backend.name}: ${text}` });
  const context = { supervisor, endpoint, options, cacheFolder, progress, signal };
  const instance = await backend.start(context);
  job.started?.(instance);
  return instance;
}

/** The plan's operations with the plan's weights. */
export function weighted(operations: readonly LoadOperation[], plan: Plan): LoadOperation[] {
  return plan.operations.map(({ name, weight }) => {
    const found = operations.find((operation) => operation.name === name);
    if (found === undefined) throw new ToolError(`the plan names the operation "${name}"`);
    return { ...found, weight };
  });
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
