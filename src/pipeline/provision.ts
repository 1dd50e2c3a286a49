import { bundleKey } from '../model/endpoint.ts';
import type {
  BackendInstance,
  HandlerArtifact,
  PreparedCell,
  ProvisionedEndpoint,
} from '../model/ports.ts';
import type { BundleFacts, Cell, RepeatedMs } from '../model/run.ts';
import type { LoadOperation } from '../model/scenario.ts';
import type { InitSample } from '../model/trial.ts';
import { median } from '../stats/quantile.ts';
import { type PrepareJob, prepareCells } from './prepare-cells.ts';
import { smokeTest } from './smoke-test.ts';
import type { RunSettings, Tools } from './types.ts';

/** A cell whose endpoint answers rightly. */
export interface LiveCell {
  cell: Cell;
  artifact: HandlerArtifact;
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

/**
 * Prepares all cells, has the target deploy what it deploys, provisions every endpoint and asks each
 * every question once, so that a handler that cannot answer stops the run before any load.
 */
export async function provision(
  job: PrepareJob & {
    tools: Tools;
    settings: RunSettings;
    /** The last chance to refuse before anything is deployed. */
    prepared?(cells: readonly PreparedCell[]): void;
  },
): Promise<Provisioned> {
  const { tools, settings, sink, signal } = job;
  const prepared = await prepareCells(job);
  job.prepared?.(prepared);
  await tools.target.prepare?.(prepared);
  const bundles = new Map<string, BundleFacts>();
  const cells: LiveCell[] = [];
  for (const { cell, artifact, backend, operations } of prepared) {
    signal.throwIfAborted();
    const { endpoint } = cell;
    sink({ kind: 'step', text: `provisioning ${cell.id}` });
    const bare = await tools.target.provision(cell, artifact, backend);
    const provisioned = { ...bare, headers: { ...bare.headers, ...settings.headers } };
    await smokeTest(cell, provisioned, operations, signal, {
      patienceMs: tools.target.patienceMs ?? 0,
      waiting: () => sink({ kind: 'step', text: `waiting until ${cell.id} answers` }),
    });
    // Of what the user deployed there is no code here.
    if (endpoint.server !== null && !bundles.has(bundleKey(endpoint))) {
      sink({ kind: 'step', text: `measuring how long ${bundleKey(endpoint)} takes to load` });
      const samples = await tools.target.measureInits(provisioned, INIT_SAMPLES);
      bundles.set(bundleKey(endpoint), { ...artifact.facts, ...repeated(samples) });
    }
    // One cell is live at a time, and none before its trial.
    await tools.target.endTrial(provisioned);
    cells.push({ cell, artifact, endpoint: provisioned, operations, backend });
  }
  return { cells, bundles: [...bundles.values()] };
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
