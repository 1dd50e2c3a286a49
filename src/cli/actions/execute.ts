import { makeFolder } from '../../base/files.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { newRunId } from '../../base/run-id.ts';
import { askedOf } from '../../config/settings/kept.ts';
import type { RemoteOptions } from '../../config/settings/remote.ts';
import { detectCgroups } from '../../emulator/cgroups/index.ts';
import type { BaseCode } from '../../model/ports.ts';
import type { Plan } from '../../model/run.ts';
import type { Warning } from '../../model/warning.ts';
import { executeRun, type RunOutcome } from '../../pipeline/execute-run.ts';
import { createGuard } from '../../pipeline/guard.ts';
import type { Resumed } from '../../pipeline/run-rounds.ts';
import type { RunGuard, Tools } from '../../pipeline/types.ts';
import { lockRun } from '../../store/run-lock.ts';
import { type RunFolder, runFolder } from '../../store/run-store.ts';
import type { Planned } from '../planning/planned.ts';
import type { Admitted } from '../remote/admit.ts';
import { closing, tellUnclosed } from '../remote/closing.ts';
import { openTarget } from '../remote/open-target.ts';
import type { LastWill } from '../remote/session-of.ts';
import { settingsOf } from '../remote/settings-of.ts';
import type { Progress } from '../terminal/progress.ts';
import { toolsOf } from '../tools.ts';

export interface Executed {
  outcome: RunOutcome;
  folder: RunFolder;
  /** What closing the target failed with, or null: to be told after what was measured. */
  unclosed: unknown;
}

/** A run that goes on, in its folder. */
export interface Continued {
  folder: RunFolder;
  resumed: Resumed;
  /** What is still to be measured. */
  left: Plan;
}

/**
 * Runs a plan in a new folder, or goes on with one. What the target made is removed in the end, however
 * that comes.
 */
export async function execute(job: {
  asked: Planned;
  /** That of `asked`, or what a gate made of it. */
  plan: Plan;
  baseCode: BaseCode | null;
  warnings: readonly Warning[];
  /** Of a target that is not this machine. */
  admitted: Admitted | null;
  /** Absent: the run is a new one. */
  continued?: Continued;
  /** The last chance to refuse, with everything known and nothing measured. */
  check?(tools: Tools): Promise<void>;
  progress: Progress;
  supervisor: Supervisor;
  signal: AbortSignal;
  will: LastWill;
}): Promise<Executed> {
  const { plan, baseCode, warnings, progress, supervisor, signal, will, continued } = job;
  const { options, backends, chosen } = job.asked;
  const createdAt = new Date();
  const newId = newRunId(createdAt);
  const folder = continued?.folder ?? runFolder(options.resultsPath, newId);
  const session = { supervisor, signal, step: progress.step, will };
  let tools: Tools | undefined;
  let unlock = () => {};
  try {
    const { result: outcome, unclosed } = await closing(
      () => tools?.target,
      tellUnclosed,
      async () => {
        tools = await toolsOf({
          ...session,
          backends,
          cpuMode: options.target === 'local' ? cpuModeHere() : 'aws',
          // What an earlier part of the run deployed may still stand under the run's own name.
          target: () => openTarget(job.asked, plan, newId, job.admitted, session),
        });
        await job.check?.(tools);
        if (continued === undefined) {
          makeFolder(folder.path);
          unlock = lockRun(folder.path);
        }
        return await executeRun({
          plan,
          folder,
          createdAt,
          tools,
          asked: askedOf(chosen),
          ...(continued !== undefined && { resumed: continued.resumed }),
          settings: {
            ...settingsOf(options),
            baseCode,
            guard: guardOf(continued?.left ?? plan, job.admitted, options.remote),
          },
          warnings,
          sink: progress.sink,
          signal,
        });
      },
    );
    return { outcome, folder, unclosed };
  } finally {
    progress.end();
    unlock();
  }
}

function cpuModeHere(): 'quota' | 'none' {
  return detectCgroups().quotas ? 'quota' : 'none';
}

/** Nothing but the plan ends a run on this machine. */
function guardOf(
  plan: Plan,
  admitted: Admitted | null,
  remote: RemoteOptions | null,
): RunGuard | null {
  if (admitted === null || remote === null) return null;
  const { estimate, context } = admitted;
  return createGuard({ plan, estimate, context, caps: remote });
}
