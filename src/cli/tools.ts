import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { cacheFolder } from '../base/cache.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import { cloudwatchCollector } from '../collectors/cloudwatch/index.ts';
import { logsCollector } from '../collectors/logs/index.ts';
import { xrayCollector } from '../collectors/xray/index.ts';
import { findK6 } from '../engines/k6/find-k6.ts';
import { createK6Engine } from '../engines/k6/k6-engine.ts';
import type { Backend, Target } from '../model/ports.ts';
import type { Fingerprint } from '../model/run.ts';
import type { Tools } from '../pipeline/types.ts';
import { version } from './version.ts';

/** The collectors: what a new one adds its line to. */
export const COLLECTORS = [xrayCollector, logsCollector, cloudwatchCollector];

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

/** Finds k6 and opens the target. */
export async function toolsOf(job: {
  backends: ReadonlyMap<string, Backend>;
  /** Opens it; what it opened is closed with it. */
  target(): Promise<Target>;
  cpuMode: Fingerprint['cpuMode'];
  supervisor: Supervisor;
  signal: AbortSignal;
  step(text: string): void;
}): Promise<Tools> {
  const { supervisor, signal, step, backends } = job;
  step('looking for k6');
  const k6 = await findK6({ ...k6Request(supervisor, signal), progress: step });
  const fingerprint: Fingerprint = {
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    cpuMode: job.cpuMode,
    node: process.versions.node,
    k6: k6.version,
    k6Origin: k6.origin,
    tool: version(),
  };
  return {
    supervisor,
    target: await job.target(),
    engine: createK6Engine(k6),
    backends,
    collectors: COLLECTORS,
    fingerprint,
  };
}
