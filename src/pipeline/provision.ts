import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../base/errors.ts';
import { bundleKey, type Endpoint } from '../model/endpoint.ts';
import type {
  Backend,
  BackendInstance,
  HandlerArtifact,
  ProvisionedEndpoint,
} from '../model/ports.ts';
import type { BundleFacts, Cell, Plan, RepeatedMs } from '../model/run.ts';
import type { LoadOperation } from '../model/scenario.ts';
import type { InitSample } from '../model/trial.ts';
import { median } from '../stats/quantile.ts';
import { smokeTest } from './smoke-test.ts';
import type { RunSettings, RunSink, Tools } from './types.ts';

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

/** Initialisations measured of each bundle before the load. */
const INIT_SAMPLES = 5;

interface Job {
  plan: Plan;
  tools: Tools;
  settings: RunSettings;
  sink: RunSink;
  signal: AbortSignal;
  /** Hears of each backend that is up: it is the caller's to stop, also where provisioning fails. */
  started?(instance: BackendInstance): void;
}

/**
 * Starts each backend once per instance it needs, bundles each handler once, provisions every
 * endpoint and asks each every question once, so that a handler that cannot answer stops the run
 * before any load.
 */
export async function provision(job: Job): Promise<Provisioned> {
  const { plan, tools, settings, sink, signal } = job;
  const workFolder = tools.supervisor.ownFolder('bench-deploy');
  const instances = new Map<string, Promise<BackendInstance>>();
  const artifacts = new Map<string, Promise<HandlerArtifact>>();
  const feeds = new Map<string, Promise<LoadOperation[]>>();
  const bundles = new Map<string, BundleFacts>();
  const cells: LiveCell[] = [];
  for (const cell of plan.cells) {
    // Not every step below hears of the signal.
    signal.throwIfAborted();
    const { endpoint } = cell;
    const backend = backendOf(tools.backends, endpoint.backend);
    const instance = await once(instances, `${backend.name} ${backend.instanceKey(endpoint)}`, () =>
      startBackend(job, backend, endpoint),
    );
    const artifact = await once(artifacts, bundleKey(endpoint), (key) => {
      sink({ kind: 'step', text: `bundling the handler ${key}` });
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
    sink({ kind: 'step', text: `provisioning ${cell.id}` });
    const bare = await tools.target.provision(cell, artifact, instance);
    const provisioned = { ...bare, headers: { ...bare.headers, ...settings.headers } };
    await smokeTest(cell, provisioned, operations, signal);
    if (!bundles.has(bundleKey(endpoint))) {
      sink({ kind: 'step', text: `measuring how long ${bundleKey(endpoint)} takes to load` });
      const samples = await tools.target.measureInits(provisioned, INIT_SAMPLES);
      bundles.set(bundleKey(endpoint), { ...artifact.facts, ...repeated(samples) });
    }
    // One cell is live at a time, and none before its trial.
    await tools.target.endTrial(provisioned);
    cells.push({ cell, endpoint: provisioned, operations, backend: instance });
  }
  await settings.baseCode?.close();
  return { cells, bundles: [...bundles.values()] };
}

/** Throws ToolError for one that is not here. */
export function backendOf(backends: Tools['backends'], name: string): Backend {
  const backend = backends.get(name);
  if (backend === undefined)
    throw new ToolError(`the plan names the backend "${name}", which is not here`);
  return backend;
}

async function startBackend(
  job: Job,
  backend: Backend,
  endpoint: Endpoint,
): Promise<BackendInstance> {
  const { tools, settings, sink, signal } = job;
  const { supervisor } = tools;
  const { backendOptions: options, cacheFolder } = settings;
  sink({ kind: 'step', text: `starting ${backend.name} with ${endpoint.dataset}` });
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

function repeated(samples: readonly InitSample[]): Pick<BundleFacts, 'init' | 'load'> {
  const loads = samples.flatMap(({ loadMs }) => (loadMs === null ? [] : [loadMs]));
  return { init: repeatedMs(samples.map(({ initMs }) => initMs)), load: repeatedMs(loads) };
}

function repeatedMs(values: readonly number[]): RepeatedMs | null {
  const medianMs = median(values);
  if (medianMs === null) return null;
  return { medianMs, minMs: Math.min(...values), maxMs: Math.max(...values), n: values.length };
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
