import { cacheFolder } from '../../base/cache.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { newRunId } from '../../base/run-id.ts';
import type { BaseCode } from '../../model/ports.ts';
import type { Plan } from '../../model/run.ts';
import type { Warning } from '../../model/warning.ts';
import { executeRun, type RunOutcome } from '../../pipeline/execute-run.ts';
import type { Tools } from '../../pipeline/types.ts';
import { type RunFolder, runFolder } from '../../store/run-store.ts';
import type { Planned } from '../planning/planned.ts';
import { localTools } from '../registry.ts';
import type { Progress } from '../terminal/progress.ts';

/** Runs a plan on this machine, in a new folder. */
export async function execute(job: {
  asked: Planned;
  /** That of `asked`, or what a gate made of it. */
  plan: Plan;
  baseCode: BaseCode | null;
  warnings: readonly Warning[];
  /** The last chance to refuse, with everything known and nothing measured. */
  check?(tools: Tools): Promise<void>;
  progress: Progress;
  supervisor: Supervisor;
  signal: AbortSignal;
}): Promise<{ outcome: RunOutcome; folder: RunFolder }> {
  const { plan, baseCode, warnings, progress, supervisor, signal } = job;
  const { options, backends } = job.asked;
  const createdAt = new Date();
  const folder = runFolder(options.resultsPath, newRunId(createdAt));
  let tools: Tools | undefined;
  try {
    tools = await localTools(supervisor, signal, backends, progress.step);
    await job.check?.(tools);
    const outcome = await executeRun({
      plan,
      folder,
      createdAt,
      tools,
      settings: {
        keepRaw: options.keepRaw,
        requestTimeoutS: options.requestTimeoutS,
        maxVus: options.maxVus,
        headers: options.headers,
        backendOptions: options.backendOptions,
        cacheFolder: cacheFolder(process.env),
        baseCode,
        collectDeadlineMs: options.collectDeadlineS * 1000,
      },
      warnings,
      sink: progress.sink,
      signal,
    });
    return { outcome, folder };
  } finally {
    progress.end();
    await tools?.target.close();
  }
}
