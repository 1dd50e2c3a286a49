import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { dynamoBackend } from '../backends/dynamo/dynamo-backend.ts';
import { postgresBackend } from '../backends/postgres/postgres-backend.ts';
import { restBackend } from '../backends/rest/rest-backend.ts';
import { cacheFolder } from '../base/cache.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import { cloudwatchCollector } from '../collectors/cloudwatch/index.ts';
import { logsCollector } from '../collectors/logs/index.ts';
import { xrayCollector } from '../collectors/xray/index.ts';
import type { Offer } from '../config/expand-plan.ts';
import { detectCgroups } from '../emulator/cgroups/index.ts';
import { startEmulator } from '../emulator/emulator.ts';
import { findK6 } from '../engines/k6/find-k6.ts';
import { createK6Engine } from '../engines/k6/k6-engine.ts';
import type { OwnHandlers } from '../model/own-handler.ts';
import type { Backend } from '../model/ports.ts';
import type { Fingerprint } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';
import type { Tools } from '../pipeline/types.ts';
import { createLocalTarget, LOCAL_FRONTS } from '../targets/local/local-target.ts';
import { version } from './version.ts';

/** The implementations, by name: what a new one adds its line to. */
export const BACKENDS = [
  dynamoBackend,
  postgresBackend,
  restBackend,
] as const satisfies readonly Backend[];
const COLLECTORS = [xrayCollector, logsCollector, cloudwatchCollector];

/** The backends there are for a run: ours, or that of the user's own handlers. */
export async function chosenBackends(
  own: OwnHandlers | null,
): Promise<{ backends: ReadonlyMap<string, Backend>; warnings: readonly Warning[] }> {
  if (own === null) {
    return { backends: new Map(BACKENDS.map((backend) => [backend.name, backend])), warnings: [] };
  }
  const { createOwnBackend } = await import('../backends/own/own-backend.ts');
  const backend = await createOwnBackend(own);
  return { backends: new Map([[backend.name, backend]]), warnings: backend.warnings };
}

export function localOffer(backends: ReadonlyMap<string, Backend>): Offer {
  return { target: 'local', fronts: LOCAL_FRONTS, backends };
}

/** What k6 is looked for with. */
export function k6Request(supervisor: Supervisor, signal: AbortSignal) {
  return {
    supervisor,
    signal,
    env: process.env,
    cacheFolder: cacheFolder(process.env),
    progress: () => {},
  };
}

/** Finds k6 and starts the local target. */
export async function localTools(
  supervisor: Supervisor,
  signal: AbortSignal,
  backends: ReadonlyMap<string, Backend>,
  step: (text: string) => void,
): Promise<Tools> {
  step('looking for k6');
  const k6 = await findK6({ ...k6Request(supervisor, signal), progress: step });
  const fingerprint: Fingerprint = {
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    cpuMode: detectCgroups().quotas ? 'quota' : 'none',
    node: process.versions.node,
    k6: k6.version,
    k6Origin: k6.origin,
    tool: version(),
  };
  step('starting the local Lambda');
  const emulator = await startEmulator({ supervisor });
  return {
    supervisor,
    target: createLocalTarget(emulator),
    engine: createK6Engine(k6),
    backends,
    collectors: COLLECTORS,
    fingerprint,
  };
}
